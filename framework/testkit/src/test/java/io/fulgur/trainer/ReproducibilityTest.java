package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.callback.stopping.EarlyStopping;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same seed gives the same numbers, bit by bit, also over an interruption. */
class ReproducibilityTest {
  private static final int SAMPLES = 44;
  private static final int BATCHES = 6;
  private static final int EPOCHS = 4;

  @TempDir Path folder;

  private static DataModule data(int workers) {
    return DataModule.of(Classifier.shuffled(SAMPLES, workers), Classifier.ordered(16));
  }

  private static TrainerBuilder trainer() {
    return TestTrainers.quiet().maxEpochs(EPOCHS);
  }

  private static Map<String, double[]> trained(long seed, int workers) {
    Fulgur.seedEverything(seed);
    Classifier module = new Classifier();
    trainer().build().fit(module, data(workers));
    return Classifier.weights(module);
  }

  private static void assertSame(Map<String, double[]> actual, Map<String, double[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach(
        (name, values) -> assertThat(values).as(name).containsExactly(expected.get(name)));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "3, 3", "0, 2", "1, 4"})
  void fit_sameSeed_givesTheSameParametersWithAnyNumberOfWorkers(int first, int second) {
    assertSame(trained(11, first), trained(11, second));
  }

  @Test
  void fit_anotherSeed_givesOtherParameters() {
    assertThat(trained(11, 2).get("net.0.weight")).isNotEqualTo(trained(12, 2).get("net.0.weight"));
  }

  @Test
  void fit_resumedAtTheEndOfAnEpoch_isBitwiseTheUninterruptedRun() {
    Path path = folder.resolve("epoch.ckpt");
    Fulgur.seedEverything(11);
    Classifier whole = new Classifier();
    Callback saver =
        new Callback() {
          @Override
          public Order order() {
            return Order.CHECKPOINT;
          }

          @Override
          public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
            if (trainer.currentEpoch() == 1) {
              trainer.saveCheckpoint(path);
            }
          }
        };
    trainer().callback(saver).build().fit(whole, data(2));

    Fulgur.seedEverything(99);
    Classifier resumed = new Classifier();
    trainer().build().fit(resumed, data(3), path);

    assertSame(Classifier.weights(resumed), Classifier.weights(whole));
    assertThat(resumed.perEpoch.learningRates()).isEqualTo(whole.perEpoch.learningRates());
  }

  @Test
  void fit_resumedWhereValidationReadsTheTrainingData_isBitwiseTheUninterruptedRun() {
    Path path = folder.resolve("middle.ckpt");
    Callback saver =
        new Callback() {
          @Override
          public void onValidationEnd(Trainer trainer, FulgurModule module) {
            if (trainer.totalBatches() == BATCHES + 2) {
              trainer.saveCheckpoint(path);
            }
          }
        };
    Fulgur.seedEverything(11);
    Classifier whole = new Classifier();
    DataLoader shared = Classifier.shuffled(SAMPLES, 2);
    trainer().valCheckInterval(2).callback(saver).build().fit(whole, shared, shared);

    Classifier resumed = new Classifier();
    DataLoader again = Classifier.shuffled(SAMPLES, 2);
    trainer().valCheckInterval(2).build().fit(resumed, DataModule.of(again, again), path);

    assertSame(Classifier.weights(resumed), Classifier.weights(whole));
  }

  private TrainerBuilder watched(EarlyStopping stopping, Path checkpoints) {
    return TestTrainers.quiet()
        .enableCheckpointing(true)
        .maxEpochs(40)
        .callbacks(
            stopping,
            ModelCheckpoint.builder()
                .dirPath(checkpoints)
                .monitor("val_loss")
                .saveTopK(2)
                .saveLast(true)
                .build());
  }

  private static EarlyStopping stopping() {
    return EarlyStopping.builder().monitor("val_loss").patience(2).build();
  }

  /** The run goes on from what it kept itself, with the memory of its callbacks. */
  @Test
  void fit_resumedFromItsOwnCheckpoint_stopsEarlyWhereTheUninterruptedRunDid() throws IOException {
    Fulgur.seedEverything(11);
    EarlyStopping wholeStopping = stopping();
    Classifier whole = new Classifier();
    Trainer uninterrupted = watched(wholeStopping, folder.resolve("whole")).build();
    uninterrupted.fit(whole, data(2));
    int stopped = wholeStopping.stoppedEpoch().getAsInt();

    Fulgur.seedEverything(11);
    Trainer interrupted =
        watched(stopping(), folder.resolve("parts")).maxEpochs(stopped - 1).build();
    interrupted.fit(new Classifier(), data(2));
    Fulgur.seedEverything(99);
    EarlyStopping resumedStopping = stopping();
    Classifier resumed = new Classifier();
    Trainer trainer = watched(resumedStopping, folder.resolve("parts")).build();
    trainer.fit(resumed, data(2), "last");

    assertSame(Classifier.weights(resumed), Classifier.weights(whole));
    assertThat(resumedStopping.state().toJson()).isEqualTo(wholeStopping.state().toJson());
    assertThat(trainer.globalStep()).isEqualTo(uninterrupted.globalStep());
    assertThat(names(folder.resolve("parts"))).isEqualTo(names(folder.resolve("whole")));
    assertThat(trainer.checkpointCallback().bestModelPath().getFileName())
        .isEqualTo(uninterrupted.checkpointCallback().bestModelPath().getFileName());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Fails in the training step of one batch, after it has drawn random numbers. */
  private static final class Failing extends Classifier {
    private final int failAt;
    private int batches;

    Failing(int failAt) {
      this.failAt = failAt;
    }

    @Override
    Tensor trainingStep(Batch batch) {
      Tensor loss = super.trainingStep(batch);
      if (batches++ == failAt) {
        throw new IllegalStateException("on purpose");
      }
      return loss;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, BATCHES - 1, BATCHES, 2 * BATCHES + 3})
  void fit_resumedFromWhatAFailedRunSaved_isBitwiseTheUninterruptedRun(int failAt) {
    Path path = folder.resolve("failed.ckpt");
    Fulgur.seedEverything(11);
    Callback saver =
        new Callback() {
          @Override
          public void onException(Trainer trainer, FulgurModule module, Throwable exception) {
            trainer.saveCheckpoint(path);
          }
        };
    Trainer failing = trainer().callback(saver).build();
    assertThat(catchThrowable(() -> failing.fit(new Failing(failAt), data(2))))
        .hasMessage("on purpose");

    Classifier resumed = new Classifier();
    Trainer trainer = trainer().build();
    trainer.fit(resumed, data(2), path);

    assertSame(Classifier.weights(resumed), trained(11, 2));
    assertThat(trainer.totalBatches()).isEqualTo(EPOCHS * BATCHES);
  }
}
