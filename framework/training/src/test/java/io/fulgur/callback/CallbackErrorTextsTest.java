package io.fulgur.callback;

import io.fulgur.GoldenErrors;
import io.fulgur.callback.averaging.EmaWeightAveraging;
import io.fulgur.callback.averaging.StochasticWeightAveraging;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.callback.checkpoint.OnExceptionCheckpoint;
import io.fulgur.callback.finetuning.BackboneFinetuning;
import io.fulgur.callback.monitor.ThroughputMonitor;
import io.fulgur.callback.spike.SpikeDetection;
import io.fulgur.callback.stopping.EarlyStopping;
import io.fulgur.callback.stopping.Timer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the whole text of the errors that options of callbacks cause. */
class CallbackErrorTextsTest {
  @TempDir private Path folder;

  private static void checkpoints(GoldenErrors errors) {
    errors.add(
        "ModelCheckpoint",
        () ->
            ModelCheckpoint.builder()
                .saveTopK(-2)
                .monitor(" ")
                .everyNEpochs(-1)
                .everyNTrainSteps(-1)
                .trainTimeInterval(Duration.ofSeconds(-1))
                .fileName(" ")
                .lastFileName(" ")
                .build());
    errors.add("nothing to rank by", () -> ModelCheckpoint.builder().saveTopK(3).build());
    errors.add(
        "several triggers and one name",
        () ->
            ModelCheckpoint.builder()
                .everyNEpochs(1)
                .everyNTrainSteps(10)
                .trainTimeInterval(Duration.ofMinutes(5))
                .fileName("model")
                .lastFileName("model")
                .build());
    errors.add(
        "name with an open brace", () -> ModelCheckpoint.builder().fileName("{epoch").build());
    errors.add("name with no metric", () -> ModelCheckpoint.builder().fileName("a{}b").build());
    errors.add("OnExceptionCheckpoint", () -> new OnExceptionCheckpoint(Path.of("runs"), " "));
  }

  private static void stopping(GoldenErrors errors) {
    errors.add("EarlyStopping", () -> EarlyStopping.builder().patience(-1).minDelta(-0.1).build());
    errors.add("Timer", () -> Timer.builder().duration(Duration.ofSeconds(-1)).build());
    errors.add("no time", () -> Timer.parseDuration("half an hour"));
  }

  private static void weights(GoldenErrors errors) {
    errors.add(
        "StochasticWeightAveraging",
        () -> StochasticWeightAveraging.builder().swaEpochStart(0).annealingEpochs(-1).build());
    errors.add(
        "StochasticWeightAveraging of fractions",
        () -> StochasticWeightAveraging.builder().swaLrs(-0.1).swaEpochStart(1.5).build());
    errors.add(
        "EmaWeightAveraging",
        () ->
            EmaWeightAveraging.builder()
                .decay(1.1)
                .updateEveryNSteps(0)
                .updateStartingAtStep(-1)
                .updateStartingAtEpoch(-2)
                .build());
    errors.add(
        "BackboneFinetuning",
        () ->
            BackboneFinetuning.builder()
                .backbone(" ")
                .unfreezeBackboneAtEpoch(-1)
                .backboneInitialRatioLr(0)
                .backboneInitialLr(-1)
                .build());
  }

  private static void others(GoldenErrors errors) {
    errors.add("no schedule", () -> new GradientAccumulationScheduler(Map.of()));
    errors.add("wrong schedule", () -> new GradientAccumulationScheduler(Map.of(-1, 2, 3, 0)));
    errors.add("ModelSummary", () -> new ModelSummary(-2));
    errors.add(
        "SpikeDetection",
        () -> SpikeDetection.builder().window(0).warmup(-1).atol(0).rtol(Double.NaN).build());
    errors.add(
        "ThroughputMonitor", () -> ThroughputMonitor.builder().windowSize(1).peakFlops(-1).build());
  }

  @Test
  void mistakes_ofEveryKind_haveTheGoldenTexts() {
    GoldenErrors errors = new GoldenErrors(folder);
    checkpoints(errors);
    stopping(errors);
    weights(errors);
    others(errors);
    errors.assertAreThoseOf(CallbackErrorTextsTest.class, "callback-error-texts.txt");
  }
}
