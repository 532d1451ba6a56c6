package io.fulgur.callback.stopping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.callback.ScriptedModule;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.testkit.BoringData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EarlyStoppingTest {
  private static TrainerBuilder trainer(int epochs, Callback... callbacks) {
    return Trainer.builder()
        .maxEpochs(epochs)
        .enableLogging(false)
        .enableCheckpointing(false)
        .enableProgressBar(false)
        .enableModelSummary(false)
        .callbacks(callbacks);
  }

  private static EarlyStopping.Builder stopping() {
    return EarlyStopping.builder().monitor("val_loss");
  }

  @ParameterizedTest
  @CsvSource({
    "3, 6 5 5 5 5 5, 4, 5",
    "3, 6 5 6 5 5 5, 4, 5",
    "1, 6 5 4 4 3 3, 3, 4",
    "3, 6 5 4 3 2 1, -1, 6"
  })
  void fit_noImprovement_stopsAfterPatience(int patience, String script, int stopped, int epochs) {
    EarlyStopping stopping = stopping().patience(patience).build();
    double[] losses = Arrays.stream(script.split(" ")).mapToDouble(Double::valueOf).toArray();
    Trainer trainer = trainer(losses.length, stopping).build();
    trainer.fit(new ScriptedModule(losses), BoringData.module(2, 1));

    assertThat(trainer.currentEpoch()).isEqualTo(epochs);
    assertThat(stopping.stoppedEpoch())
        .isEqualTo(stopped < 0 ? OptionalInt.empty() : OptionalInt.of(stopped));
    assertThat(stopping.stoppingReason())
        .isEqualTo(stopped < 0 ? StoppingReason.NOT_STOPPED : StoppingReason.PATIENCE_EXHAUSTED);
  }

  @Test
  void fit_patienceZeroAndMinEpochs_trainsThese() {
    EarlyStopping stopping = stopping().patience(0).build();
    Trainer trainer = trainer(10, stopping).minEpochs(5).build();
    trainer.fit(new ScriptedModule(1, 1, 1, 1, 1, 1, 1, 1, 1, 1), BoringData.module(2, 1));

    assertThat(trainer.globalStep()).isEqualTo(10);
  }

  @Test
  void fit_notFinite_stopsAndSaysWhy() {
    EarlyStopping stopping = stopping().build();
    trainer(3, stopping).build().fit(new ScriptedModule(2, Double.NaN, 1), BoringData.module(2, 1));

    assertThat(stopping.stoppingReason()).isEqualTo(StoppingReason.NON_FINITE_METRIC);
    assertThat(stopping.stoppingReasonMessage())
        .isEqualTo("val_loss is NaN, which is not finite; the best value was 2.0");
  }

  @ParameterizedTest
  @CsvSource({"1.0, 2", "0.25, 1"})
  void fit_severalValidationsAnEpoch_checksEach(double interval, int epochs) {
    Trainer trainer = trainer(9, stopping().patience(1).build()).valCheckInterval(interval).build();
    trainer.fit(new ScriptedModule(1, 1, 1, 1, 1, 1, 1, 1, 1), BoringData.module(4, 1));

    assertThat(trainer.currentEpoch()).isEqualTo(epochs);
  }

  @Test
  void fit_fastDevRun_neverChecks() {
    EarlyStopping stopping = EarlyStopping.builder().monitor("never_logged").build();
    trainer(1, stopping).fastDevRun(1).build().fit(new ScriptedModule(1), BoringData.module(2, 1));

    assertThat(stopping.stoppedEpoch()).isEmpty();
  }

  @Test
  void fit_monitorThatIsNotLogged_isAnErrorIfStrict() {
    assertThatThrownBy(
            () ->
                trainer(1, EarlyStopping.builder().monitor("accuracy").build())
                    .build()
                    .fit(new ScriptedModule(1), BoringData.module(2, 1)))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.MONITOR_NOT_FOUND))
        .hasMessage(
            "[MonitorNotFound] EarlyStopping monitors \"accuracy\", which was never logged.\n"
                + "Logged so far: script, train_loss, train_loss_epoch, train_loss_step, val_loss.");

    EarlyStopping lenient = EarlyStopping.builder().monitor("accuracy").strict(false).build();
    trainer(1, lenient).build().fit(new ScriptedModule(1), BoringData.module(2, 1));
    assertThat(lenient.waitCount()).isZero();
  }

  @Test
  void fit_resumed_goesOnCounting(@TempDir Path dir) {
    ModelCheckpoint checkpoint = ModelCheckpoint.builder().dirPath(dir).build();
    TrainerBuilder first =
        Trainer.builder()
            .maxEpochs(3)
            .enableLogging(false)
            .enableProgressBar(false)
            .enableModelSummary(false)
            .callbacks(checkpoint, stopping().build());
    first.build().fit(new ScriptedModule(5, 6, 6, 6, 6), BoringData.module(2, 1));
    EarlyStopping stopping = stopping().build();
    Trainer second = trainer(9, stopping).build();
    second.fit(
        new ScriptedModule(5, 6, 6, 6, 6, 6),
        BoringData.module(2, 1),
        String.valueOf(checkpoint.bestModelPath()));

    assertThat(stopping.stoppedEpoch()).hasValue(3);
    assertThat(stopping.bestScore()).isEqualTo(5);
  }

  /** Notes the weights after each epoch. */
  private static final class Weights implements Callback {
    final List<float[]> seen = new ArrayList<>();

    @Override
    public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
      seen.add(weights(module));
    }
  }

  private static float[] weights(FulgurModule module) {
    return module.parameters().get(0).toFloatArray();
  }

  @ParameterizedTest
  @CsvSource({"3 2 1 2 2 9, 2", "3 2 2 2 1 0, 1", "1 NaN 0, 0", "5 4 3, 2"})
  void fit_restoreBestWeights_leavesThoseOfTheBestEpoch(String script, int best) {
    EarlyStopping stopping = stopping().patience(2).restoreBestWeights(true).build();
    double[] losses = Arrays.stream(script.split(" ")).mapToDouble(Double::valueOf).toArray();
    Weights weights = new Weights();
    ScriptedModule module = new ScriptedModule(losses);
    trainer(losses.length, stopping, weights).build().fit(module, BoringData.module(2, 1));

    assertThat(weights(module)).containsExactly(weights.seen.get(best));
    assertThat(stopping.bestScore()).isEqualTo(losses[best]);
  }

  @Test
  void fit_thresholdReached_countsAsTheBest() {
    EarlyStopping stopping = stopping().stoppingThreshold(1).restoreBestWeights(true).build();
    Weights weights = new Weights();
    ScriptedModule module = new ScriptedModule(3, 2, 0.5, 7);
    trainer(4, stopping, weights).build().fit(module, BoringData.module(2, 1));

    assertThat(stopping.stoppingReason()).isEqualTo(StoppingReason.STOPPING_THRESHOLD);
    assertThat(stopping.bestScore()).isEqualTo(0.5);
    assertThat(weights(module)).containsExactly(weights.seen.get(2));
  }

  @Test
  void fit_restoreBestWeightsOff_leavesTheLast() {
    Weights weights = new Weights();
    ScriptedModule module = new ScriptedModule(1, 2, 3);
    trainer(3, stopping().build(), weights).build().fit(module, BoringData.module(2, 1));

    assertThat(weights(module)).containsExactly(weights.seen.get(2));
    assertThat(stopping().build().state().hasChild("best_weights")).isFalse();
  }

  /** The best epoch was before the interruption. */
  @Test
  void fit_resumedWithBestWeights_restoresThoseOfBefore(@TempDir Path dir) {
    Path path = dir.resolve("middle.ckpt");
    Callback saver =
        new Callback() {
          @Override
          public Order order() {
            return Order.CHECKPOINT;
          }

          @Override
          public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
            if (trainer.currentEpoch() == 2) {
              trainer.saveCheckpoint(path);
            }
          }
        };
    double[] losses = {3, 1, 2, 2, 2, 2};
    Weights weights = new Weights();
    trainer(3, stopping().restoreBestWeights(true).build(), weights, saver)
        .build()
        .fit(new ScriptedModule(losses), BoringData.module(2, 1));
    EarlyStopping resumedStopping = stopping().restoreBestWeights(true).build();
    ScriptedModule resumed = new ScriptedModule(losses);
    trainer(6, resumedStopping).build().fit(resumed, BoringData.module(2, 1), path);

    assertThat(resumedStopping.stoppedEpoch()).hasValue(4);
    assertThat(weights(resumed)).containsExactly(weights.seen.get(1));
  }

  @Test
  void build_mistakes_areReportedTogether() {
    assertThatThrownBy(() -> EarlyStopping.builder().patience(-1).minDelta(-0.5).build())
        .hasMessage(
            """
            [InvalidOptions] EarlyStopping has options that cannot be:
            1) monitor is not set. Name a metric that is logged.
            2) patience is -1, but must be at least 0.
            3) minDelta is -0.5, but must be at least 0.""");
  }
}
