package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Fulgur;
import io.fulgur.ResumeOptions;
import io.fulgur.ResumePart;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.checkpoint.State;
import io.fulgur.checkpoint.Stateful;
import io.fulgur.data.Batch;
import io.fulgur.data.CombinedMode;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.Dataset;
import io.fulgur.data.EpochContext;
import io.fulgur.data.IterableDataset;
import io.fulgur.data.Sample;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.CleanThread;
import io.fulgur.trainer.TestTrainers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fits whose data knows itself where it is, and those whose data does not. */
@ExtendWith(CleanThread.class)
class StatefulLoaderTest {
  private static final int LIMIT = 6;
  private static final int EPOCHS = 3;
  private static final Dataset SAMPLES = BoringData.dataset(64);

  @TempDir private Path folder;

  /** A stream without end, which later epochs go on with. */
  private static final class Feed implements IterableDataset, Stateful {
    final List<Integer> read = new ArrayList<>();
    private final int broken;
    private int offset;

    Feed() {
      this(-1);
    }

    /** Cannot be read at one place. */
    Feed(int broken) {
      this.broken = broken;
    }

    @Override
    public Iterator<Sample> iterator(EpochContext epoch) {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return true;
        }

        @Override
        public Sample next() {
          if (offset == broken) {
            throw new IllegalStateException("broken");
          }
          read.add(offset);
          return SAMPLES.get(offset++ % SAMPLES.size());
        }
      };
    }

    @Override
    public State state() {
      return State.builder().put("offset", offset).build();
    }

    @Override
    public void loadState(State state) {
      offset = state.intValue("offset");
    }
  }

  /** The same samples in each epoch, by iterators that can be put anywhere. */
  private record Shards(int size, List<Integer> read) implements IterableDataset {
    @Override
    public Iterator<Sample> iterator(EpochContext epoch) {
      return new Cursor();
    }

    private final class Cursor implements Iterator<Sample>, Stateful {
      private int next;

      @Override
      public boolean hasNext() {
        return next < size;
      }

      @Override
      public Sample next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        read.add(next);
        return SAMPLES.get(next++);
      }

      @Override
      public State state() {
        return State.builder().put("next", next).build();
      }

      @Override
      public void loadState(State state) {
        next = state.intValue("next");
      }
    }
  }

  /** Remembers which samples it was trained on. */
  private static final class Watching extends BoringModule {
    final List<Integer> trained = new ArrayList<>();

    @Override
    protected Tensor trainingLoss(Batch batch, int batchIndex) {
      float first = batch.get(BoringData.FEATURES).toFloatArray()[0];
      trained.add(
          IntStream.range(0, (int) SAMPLES.size())
              .filter(i -> SAMPLES.get(i).get(BoringData.FEATURES).toFloatArray()[0] == first)
              .findFirst()
              .orElseThrow());
      return super.trainingLoss(batch, batchIndex);
    }
  }

  /** When a run saves, and stops. */
  private enum Moment {
    BATCH_START,
    BATCH_END,
    EPOCH_END
  }

  private record Saver(Path path, Moment moment, int epoch, int batch) implements Callback {
    private void save(Trainer trainer) {
      trainer.saveCheckpoint(path);
      trainer.stop();
    }

    @Override
    public void onTrainBatchStart(Trainer trainer, FulgurModule module, Batch data, int index) {
      if (moment == Moment.BATCH_START && trainer.currentEpoch() == epoch && index == batch) {
        save(trainer);
      }
    }

    @Override
    public void onTrainBatchEnd(
        Trainer trainer, FulgurModule module, StepOutput output, Batch data, int index) {
      if (moment == Moment.BATCH_END && trainer.currentEpoch() == epoch && index == batch) {
        save(trainer);
      }
    }

    @Override
    public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
      if (moment == Moment.EPOCH_END && trainer.currentEpoch() == epoch) {
        save(trainer);
      }
    }
  }

  private static TrainerBuilder trainer() {
    return TestTrainers.quiet().maxEpochs(EPOCHS).limitTrainBatches(LIMIT);
  }

  /** Trains, and returns the checkpoint that was saved at a moment of it. */
  private Path saved(Moment moment, int epoch, int batch, BoringModule module, DataLoader loader) {
    Path path = folder.resolve("saved.ckpt");
    trainer().callback(new Saver(path, moment, epoch, batch)).build().fit(module, loader);
    return path;
  }

  private static DataLoader loader(IterableDataset data, int workers) {
    return DataLoader.builder(data).seed(1).workers(workers).build();
  }

  private static float[] weights(BoringModule module) {
    return module.parameters().get(0).toFloatArray();
  }

  @ParameterizedTest
  @CsvSource({
    "0, BATCH_START, 0, 0",
    "2, BATCH_START, 1, 3",
    "0, BATCH_END, 1, 0",
    "2, BATCH_END, 1, 2",
    "0, BATCH_END, 1, 5",
    "2, BATCH_END, 1, 5",
    "0, EPOCH_END, 1, 5",
    "2, EPOCH_END, 1, 5"
  })
  void fit_streamWithAnOffset_resumedBitwiseAsTheUninterruptedRun(
      int workers, Moment moment, int epoch, int batch) {
    Fulgur.seedEverything(7);
    Watching whole = new Watching();
    trainer().build().fit(whole, loader(new Feed(), workers));
    Fulgur.seedEverything(7);
    Path path = saved(moment, epoch, batch, new Watching(), loader(new Feed(), workers));

    Fulgur.seedEverything(99);
    Feed feed = new Feed();
    Watching resumed = new Watching();
    trainer().build().fit(resumed, DataModule.of(loader(feed, workers)), path);

    int first = epoch * LIMIT + batch + (moment == Moment.BATCH_START ? 0 : 1);
    assertThat(whole.trained).isEqualTo(IntStream.range(0, EPOCHS * LIMIT).boxed().toList());
    assertThat(resumed.trained).isEqualTo(whole.trained.subList(first, whole.trained.size()));
    assertThat(feed.read).startsWith(first).doesNotContain(first - 1);
    assertThat(weights(resumed)).isEqualTo(weights(whole));
  }

  /** One loader reads by index, and one goes on over epochs. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void fit_combinedLoaders_eachGoesOnWhereItWas(int workers) {
    class Sum extends BoringModule {
      @Override
      public Tensor loss(Batch batch) {
        Tensor fed = forward(batch.part("fed").get(BoringData.FEATURES));
        return fed.add(forward(batch.part("known").get(BoringData.FEATURES))).square().mean();
      }
    }
    Fulgur.seedEverything(7);
    Sum whole = new Sum();
    trainer().build().fit(whole, both(new Feed(), workers));
    Fulgur.seedEverything(7);
    Path path = saved(Moment.BATCH_END, 1, 3, new Sum(), both(new Feed(), workers));

    Feed feed = new Feed();
    Sum resumed = new Sum();
    trainer().build().fit(resumed, DataModule.of(both(feed, workers)), path);

    assertThat(feed.read).startsWith(LIMIT + 4);
    assertThat(weights(resumed)).isEqualTo(weights(whole));
  }

  private static DataLoader both(Feed feed, int workers) {
    return DataLoader.combine(CombinedMode.MAX_SIZE_CYCLE)
        .add("fed", DataLoader.builder(feed).workers(workers).build())
        .add("known", DataLoader.builder(SAMPLES.subset(0, 1, 2, 3)).shuffle(true).build())
        .build();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void fit_savedWhereABatchCannotBeRead_goesOnWithThatBatch(int workers) {
    Path path = folder.resolve("broken.ckpt");
    Callback saving =
        new Callback() {
          @Override
          public void onException(Trainer trainer, FulgurModule module, Throwable failure) {
            trainer.saveCheckpoint(path);
          }
        };
    Trainer failing = trainer().callback(saving).build();
    assertThatThrownBy(() -> failing.fit(new Watching(), loader(new Feed(9), workers)))
        .hasMessageContaining("broken");
    Watching resumed = new Watching();
    trainer().build().fit(resumed, DataModule.of(loader(new Feed(), workers)), path);

    assertThat(resumed.trained).startsWith(9).endsWith(EPOCHS * LIMIT - 1);
  }

  // ------------------------------------------------------- what can tell its place, what cannot

  private void resumeAfterTwoBatches(IterableDataset data, Watching module) {
    Path path = folder.resolve("two.ckpt");
    TestTrainers.quiet()
        .maxEpochs(1)
        .callback(new Saver(path, Moment.BATCH_END, 0, 1))
        .build()
        .fit(module, loader(data, 0));
    TestTrainers.quiet().maxEpochs(1).build().fit(module, DataModule.of(loader(data, 0)), path);
  }

  @Test
  void fit_resumedWithinAnEpochOfAStatefulLoader_readsOnAndWarnsOfNothing() {
    List<Integer> read = new ArrayList<>();
    Watching module = new Watching();

    String said = LogLines.of(() -> resumeAfterTwoBatches(new Shards(4, read), module));

    assertThat(module.trained).containsExactly(0, 1, 2, 3);
    // The third was read ahead to know whether the second is the last, and is read again.
    assertThat(read).containsExactly(0, 1, 2, 2, 3);
    assertThat(said).doesNotContain("is read again");
  }

  /** Lightning begins the epoch anew; here what was trained on is passed over. */
  @Test
  void fit_resumedWithinAnEpochOfAStatelessLoader_readsAgainAndWarns() {
    List<Integer> read = new ArrayList<>();
    Watching module = new Watching();
    IterableDataset stateless =
        epoch ->
            IntStream.range(0, 4)
                .mapToObj(
                    i -> {
                      read.add(i);
                      return SAMPLES.get(i);
                    })
                .iterator();

    String said = LogLines.of(() -> resumeAfterTwoBatches(stateless, module));

    assertThat(module.trained).containsExactly(0, 1, 2, 3);
    assertThat(read).containsExactly(0, 1, 2, 0, 1, 2, 3);
    assertThat(said).containsOnlyOnce("of epoch 0 is read again up to batch 2");
  }

  @Test
  void fit_dataWithoutProgress_beginsTheEpochWithTheStreamWhereItWas() {
    Path path = saved(Moment.BATCH_END, 0, 3, new Watching(), loader(new Feed(), 0));
    Watching module = new Watching();
    trainer()
        .maxEpochs(1)
        .build()
        .fit(
            module,
            DataModule.of(loader(new Feed(), 0)),
            ResumeOptions.from(path).only(ResumePart.DATA));

    assertThat(module.trained).containsExactly(4, 5, 6, 7, 8, 9);
  }

  @Test
  void fit_dataByIndexWithoutProgress_beginsTheEpochAnew() {
    Path path = saved(Moment.BATCH_END, 0, 3, new Watching(), BoringData.loader(8));
    Watching module = new Watching();
    trainer()
        .maxEpochs(1)
        .build()
        .fit(
            module,
            DataModule.of(BoringData.loader(8)),
            ResumeOptions.from(path).only(ResumePart.DATA));

    assertThat(module.trained).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void fit_dataOfAnotherLength_saysWhereTheStateIsFrom() {
    Path path = saved(Moment.BATCH_END, 0, 3, new BoringModule(), BoringData.loader(8));

    assertThatThrownBy(
            () ->
                trainer()
                    .build()
                    .fit(new BoringModule(), DataModule.of(BoringData.loader(9)), path))
        .hasMessageContaining("saved.ckpt")
        .hasMessageContaining(
            "DataLoader of ArrayDataset with 9 batches cannot go on in the middle of an epoch of 8"
                + " batches");
  }

  /** Nothing of the present epoch is left, so that other data may follow. */
  @Test
  void fit_dataOfAnotherLengthAfterAnEpoch_goesOn() {
    Path path = saved(Moment.EPOCH_END, 0, 0, new BoringModule(), BoringData.loader(8));
    Watching module = new Watching();
    trainer().maxEpochs(2).build().fit(module, DataModule.of(BoringData.loader(9)), path);

    assertThat(module.trained).containsExactly(0, 1, 2, 3, 4, 5);
  }
}
