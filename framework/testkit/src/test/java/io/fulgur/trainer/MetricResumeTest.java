package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.CheckpointIO;
import io.fulgur.checkpoint.CheckpointKeys;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.log.LogOptions;
import io.fulgur.log.Reduction;
import io.fulgur.metric.Auroc;
import io.fulgur.metric.MeanMetric;
import io.fulgur.metric.MeanSquaredError;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingLogger;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a resumed run logs for its epochs is what an uninterrupted one does, bit for bit. */
@SuppressWarnings("UnusedMethod") // The trainer calls them.
class MetricResumeTest {
  @TempDir Path folder;

  /** Logs means, extremes and metrics of both loops. */
  static class Measured extends BoringModule {
    final MeanSquaredError error = new MeanSquaredError();
    final Auroc auroc = Auroc.binary();
    final MeanSquaredError valError = error.emptyCopy();

    /** Never logged, so never reset: of all epochs. */
    final MeanMetric seen = new MeanMetric();

    private static Tensor outputs(Tensor both) {
      return both.select(1, 0);
    }

    @Override
    protected Tensor trainingLoss(Batch batch, int batchIndex) {
      Tensor features = batch.get(BoringData.FEATURES);
      Tensor outputs = outputs(forward(features));
      Tensor targets = features.select(1, 0);
      log("error", error.update(outputs, targets), LogOptions.onStep().onEpoch());
      log("auroc", auroc.update(outputs, targets.gt(0)), LogOptions.onStep(false).onEpoch());
      log("largest", outputs.max(), LogOptions.onEpoch().onStep(false).reduce(Reduction.MAX));
      seen.update(outputs.detach());
      return loss(batch);
    }

    @Override
    @ValidationStep
    protected void validationStep(Batch batch) {
      Tensor features = batch.get(BoringData.FEATURES);
      log("val_error", valError.update(outputs(forward(features)), features.select(1, 0)));
    }
  }

  private static DataModule data() {
    return DataModule.of(
        DataLoader.builder(BoringData.dataset(20)).batchSize(3).shuffle(true).build(),
        DataLoader.builder(BoringData.dataset(8)).batchSize(3).build());
  }

  private static TrainerBuilder trainer(RecordingLogger logger, int epochs) {
    return TestTrainers.quiet(logger).maxEpochs(epochs);
  }

  private static List<RecordingLogger.Entry> epochs(RecordingLogger logger, int from) {
    return logger.entries().stream()
        .filter(entry -> entry.values().getOrDefault("epoch", -1.0) >= from)
        .filter(
            entry ->
                entry.values().containsKey("error_epoch")
                    || entry.values().containsKey("val_error"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoch", "validation", "batch"})
  void fit_fromACheckpoint_logsTheEpochsOfAnUninterruptedRun(String when) {
    Path path = folder.resolve("a.ckpt");
    RecordingLogger expected = new RecordingLogger();
    Fulgur.seedEverything(7);
    Measured whole = new Measured();
    trainer(expected, 4).callback(new ResumeTest.Saver(path, when, 1)).build().fit(whole, data());

    RecordingLogger logged = new RecordingLogger();
    Fulgur.seedEverything(99);
    Measured resumed = new Measured();
    trainer(logged, 4).build().fit(resumed, data(), path);

    // A checkpoint of the end of an epoch goes on with the next one.
    int first = when.equals("epoch") ? 2 : 1;
    List<RecordingLogger.Entry> epochs = epochs(expected, first);
    if (when.equals("validation")) {
      // That validation is over when the checkpoint is saved.
      epochs = epochs.subList(1, epochs.size());
    }
    assertThat(epochs).hasSizeGreaterThanOrEqualTo(4);
    assertThat(epochs(logged, 0)).isEqualTo(epochs);
    assertThat(resumed.seen.compute()).isEqualTo(whole.seen.compute());
  }

  @Test
  void fit_moduleWithOtherMetricsAndOptions_goesOn() {
    Path path = folder.resolve("a.ckpt");
    RecordingLogger logger = new RecordingLogger();
    trainer(logger, 2)
        .callback(new ResumeTest.Saver(path, "batch", 1))
        .build()
        .fit(new Measured(), data());
    class Changed extends BoringModule {
      final MeanMetric mean = new MeanMetric();

      @Override
      protected Tensor trainingLoss(Batch batch, int batchIndex) {
        log("largest", mean.update(1), LogOptions.onEpoch());
        return loss(batch);
      }
    }
    RecordingLogger logged = new RecordingLogger();
    Trainer trainer = trainer(logged, 2).build();

    trainer.fit(new Changed(), data(), path);

    assertThat(trainer.callbackMetrics()).containsEntry("largest", 1.0);
    assertThat(trainer.callbackMetrics()).doesNotContainKeys("error", "auroc");
  }

  @Test
  void saveCheckpoint_inTheMiddleOfAnEpoch_holdsMetricsByTheirFields() {
    Path path = folder.resolve("a.ckpt");
    trainer(new RecordingLogger(), 2)
        .callback(new ResumeTest.Saver(path, "batch", 1))
        .build()
        .fit(new Measured(), data());
    CheckpointIO files = new SafeTensorsCheckpointIO();

    try (Checkpoint checkpoint = files.load(path)) {
      assertThat(checkpoint.state(CheckpointKeys.LOG).child("metrics").children())
          .contains("error", "auroc", "valError", "seen");
      // Four batches of three, of which a ranking keeps every score.
      assertThat(
              checkpoint
                  .state(CheckpointKeys.LOG)
                  .child("metrics")
                  .child("auroc")
                  .tensor("scores")
                  .elements())
          .isEqualTo(12);
    }
  }
}
