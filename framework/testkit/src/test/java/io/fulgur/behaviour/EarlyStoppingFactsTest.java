package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Trainer;
import io.fulgur.callback.stopping.EarlyStopping;
import io.fulgur.callback.stopping.StoppingReason;
import io.fulgur.data.Batch;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.trainer.TestTrainers;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When training stops for a metric, as in the tables of the reference. */
class EarlyStoppingFactsTest {
  /** Logs as {@code val_loss} what a script says for each epoch. */
  private static final class Scripted extends BoringModule {
    private final double[] losses;

    Scripted(double... losses) {
      this.losses = losses;
    }

    @Override
    protected void validationStep(Batch batch) {
      log("val_loss", losses[currentEpoch()]);
    }
  }

  private static EarlyStopping.Builder stopping(String option, double value) {
    EarlyStopping.Builder builder = EarlyStopping.builder().monitor("val_loss");
    return switch (option) {
      case "stoppingThreshold" -> builder.stoppingThreshold(value);
      case "divergenceThreshold" -> builder.divergenceThreshold(value);
      case "minDelta" -> builder.minDelta(value);
      case "patience" -> builder.patience((int) value);
      default -> builder;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "patience, 3, 6 5 5 5 5 5, 4, PATIENCE_EXHAUSTED",
    "patience, 3, 6 5 6 5 5 5, 4, PATIENCE_EXHAUSTED",
    "patience, 1, 6 5 4 4 3 3, 3, PATIENCE_EXHAUSTED",
    "none, 0, 8 4 2 3 4 5 8 10, 5, PATIENCE_EXHAUSTED",
    "stoppingThreshold, 2.9, 9 8 7 6 5 6 4 3 2 1, 8, STOPPING_THRESHOLD",
    "divergenceThreshold, 15.9, 9 4 2 16 32 64, 3, DIVERGENCE_THRESHOLD",
    "none, 0, 2 1 NaN 0, 2, NON_FINITE_METRIC",
    "none, 0, 2 1 Infinity 0, 2, NON_FINITE_METRIC",
    "minDelta, 0.9, 9 8.5 8.4 8.3 8.2, 3, PATIENCE_EXHAUSTED"
  })
  void fit_losses_stopsInTheEpochForTheReason(
      String option, double value, String script, int epoch, StoppingReason reason) {
    EarlyStopping stopping = stopping(option, value).build();
    double[] losses = Arrays.stream(script.split(" ")).mapToDouble(Double::valueOf).toArray();
    Trainer trainer = TestTrainers.quiet().maxEpochs(losses.length).callback(stopping).build();
    trainer.fit(new Scripted(losses), BoringData.module(2, 1));

    assertThat(stopping.stoppedEpoch()).hasValue(epoch);
    assertThat(stopping.stoppingReason()).isEqualTo(reason);
    assertThat(trainer.currentEpoch()).isEqualTo(epoch + 1);
  }

  @Test
  void fit_patienceZeroAndMinEpochs_trainsTheseAndSaysOnceThatItGoesOn() {
    EarlyStopping stopping = stopping("patience", 0).build();
    Trainer trainer = TestTrainers.quiet().maxEpochs(10).minEpochs(5).callback(stopping).build();
    String told =
        LogLines.of(
            Trainer.class,
            () -> trainer.fit(new Scripted(1, 1, 1, 1, 1, 1, 1, 1, 1, 1), BoringData.module(2, 1)));

    assertThat(trainer.globalStep()).isEqualTo(10);
    assertThat(told.split("training will continue", -1)).hasSize(2);
  }

  @Test
  void fit_verbose_tellsOfEachCheck() {
    EarlyStopping stopping = stopping("none", 0).verbose(true).build();
    Trainer trainer = TestTrainers.quiet().maxEpochs(3).callback(stopping).build();
    String told =
        LogLines.of(
            EarlyStopping.class, () -> trainer.fit(new Scripted(3, 2, 2), BoringData.module(2, 1)));

    assertThat(told)
        .contains("val_loss improved from Infinity to 3.0")
        .contains("val_loss improved from 3.0 to 2.0")
        .contains("val_loss has not improved on 2.0 in the last 1 checks");
  }
}
