package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.callback.Callback;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.data.Batch;
import io.fulgur.data.CombinedMode;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.Dataset;
import io.fulgur.data.RandomTransform;
import io.fulgur.data.Sample;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.ModuleFactory;
import io.fulgur.module.StepOutput;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that end in the middle of an epoch of combined, varied and shuffled data, and go on. */
class DataResumeTest {
  private static final int EPOCHS = 3;

  @TempDir private Path folder;

  /** Trains on both parts of its batches. */
  static final class TwoParts extends BoringModule {
    @Override
    public Tensor loss(Batch batch) {
      Tensor first = forward(batch.part("first").get(BoringData.FEATURES)).square().mean();
      return batch.hasPart("second")
          ? first.add(forward(batch.part("second").get(BoringData.FEATURES)).square().mean())
          : first;
    }
  }

  private static DataLoader data(CombinedMode mode, int workers) {
    // Draws from the sample's own numbers and from those of its thread.
    RandomTransform noise =
        (sample, random) -> {
          float[] values = sample.get(BoringData.FEATURES).toFloatArray();
          for (int i = 0; i < values.length; i++) {
            values[i] += (float) random.nextGaussian();
          }
          values[0] += (float) Generator.defaultGenerator().nextGaussian();
          return Sample.of(BoringData.FEATURES, values);
        };
    Dataset nine = BoringData.dataset(9).augment(noise);
    Dataset twenty = BoringData.dataset(20).augment(noise);
    return DataLoader.combine(mode)
        .add(
            "first", DataLoader.builder(twenty).batchSize(3).shuffle(true).workers(workers).build())
        .add("second", DataLoader.builder(nine).batchSize(3).shuffle(true).build())
        .build();
  }

  /** Saves a checkpoint after a batch, and ends the run there if told so. */
  private record Saver(Path path, int epoch, int batch, boolean stops) implements Callback {
    @Override
    public void onTrainBatchEnd(
        Trainer trainer, FulgurModule module, StepOutput output, Batch data, int batchIndex) {
      if (trainer.currentEpoch() == epoch && batchIndex == batch) {
        trainer.saveCheckpoint(path);
        if (stops) {
          trainer.stop();
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MAX_SIZE_CYCLE, 0, 2, 4",
    "MAX_SIZE_CYCLE, 2, 0, 1",
    "MAX_SIZE, 1, 3, 5",
    "MIN_SIZE, 2, 2, 0"
  })
  void fit_resumedWithOtherWorkers_bitwiseTheUninterruptedRun(
      CombinedMode mode, int workersBefore, int workersAfter, int batch) {
    Path path = folder.resolve("middle.ckpt");
    Fulgur.seedEverything(7);
    TwoParts whole = new TwoParts();
    TestTrainers.quiet().maxEpochs(EPOCHS).build().fit(whole, data(mode, workersAfter));

    Fulgur.seedEverything(7);
    Trainer interrupted =
        TestTrainers.quiet()
            .maxEpochs(EPOCHS)
            .callback(new Saver(path, 1, batch, /* stops= */ true))
            .build();
    interrupted.fit(new TwoParts(), data(mode, workersBefore));

    Fulgur.seedEverything(99);
    TwoParts resumed = new TwoParts();
    Trainer trainer = TestTrainers.quiet().maxEpochs(EPOCHS).build();
    trainer.fit(resumed, DataModule.of(data(mode, workersAfter)), path);

    whole
        .stateDict()
        .forEach(
            (name, tensor) ->
                assertThat(resumed.stateDict().get(name).toDoubleArray())
                    .as(name)
                    .isEqualTo(tensor.toDoubleArray()));
  }

  /** What a checkpoint must tell of the data. */
  @SaveHyperparameters
  static final class Sized extends DataModule {
    private final int batchSize;

    Sized(int batchSize) {
      this.batchSize = batchSize;
    }

    @Override
    public DataLoader trainLoader() {
      return BoringData.loader(batchSize);
    }
  }

  @Test
  void fit_dataModuleWithHyperparameters_areInTheCheckpoint() {
    Path path = folder.resolve("sized.ckpt");
    TestTrainers.quiet()
        .maxEpochs(1)
        .callback(new Saver(path, 0, 1, /* stops= */ false))
        .build()
        .fit(new BoringModule(), ModuleFactory.create(Sized.class, Map.of("batchSize", 8)));

    try (Checkpoint checkpoint = new SafeTensorsCheckpointIO().load(path)) {
      assertThat(checkpoint.dataModuleHyperparameters().asMap()).isEqualTo(Map.of("batchSize", 8L));
    }
    assertThat(DataModule.loadFromCheckpoint(Sized.class, path).batchSize).isEqualTo(8);
  }
}
