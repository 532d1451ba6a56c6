package io.fulgur.callback.stopping;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.callback.MonitorMode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoppingRuleTest {
  private static StoppingRule.Limits limits(MonitorMode mode, int patience, double minDelta) {
    return new StoppingRule.Limits(mode, patience, minDelta, true, null, null);
  }

  /** Returns at which value the rule stops and why, as {@code 4 PATIENCE_EXHAUSTED}. */
  private static String stopAt(StoppingRule.Limits limits, String values) {
    StoppingRule rule = new StoppingRule("val_loss", limits);
    double[] all = Arrays.stream(values.split(" ")).mapToDouble(Double::parseDouble).toArray();
    for (int i = 0; i < all.length; i++) {
      StoppingReason reason = rule.check(all[i]);
      if (reason != StoppingReason.NOT_STOPPED) {
        return i + " " + reason;
      }
    }
    return "never";
  }

  @ParameterizedTest
  @CsvSource({
    "3, 6 5 5 5 5 5, 4 PATIENCE_EXHAUSTED",
    "3, 6 5 6 5 5 5, 4 PATIENCE_EXHAUSTED",
    "1, 6 5 4 4 3 3, 3 PATIENCE_EXHAUSTED",
    "3, 8 4 2 3 4 5 8 10, 5 PATIENCE_EXHAUSTED",
    "0, 6 5 5, 2 PATIENCE_EXHAUSTED",
    "3, 6 5 4 3, never",
    "3, 3 2 NaN 1, 2 NON_FINITE_METRIC",
    "3, 3 2 Infinity 1, 2 NON_FINITE_METRIC"
  })
  void check_losses_stopsAt(int patience, String values, String expected) {
    assertThat(stopAt(limits(MonitorMode.MIN, patience, 0), values)).isEqualTo(expected);
  }

  @Test
  void check_accuracies_greaterIsBetter() {
    assertThat(stopAt(limits(MonitorMode.MAX, 2, 0), "0.1 0.5 0.4 0.5 0.9"))
        .isEqualTo("3 PATIENCE_EXHAUSTED");
  }

  @ParameterizedTest
  @CsvSource({
    "MIN, 10 9 8 7, never",
    "MIN, 10 9.5 9.4 9.3, 2 PATIENCE_EXHAUSTED",
    "MAX, 1 1.5 1.6, 2 PATIENCE_EXHAUSTED"
  })
  void check_lessThanMinDelta_isNoImprovement(MonitorMode mode, String values, String expected) {
    assertThat(stopAt(limits(mode, 2, 0.9), values)).isEqualTo(expected);
  }

  @Test
  void check_betterThanStoppingThreshold_stops() {
    assertThat(
            stopAt(
                new StoppingRule.Limits(MonitorMode.MIN, 3, 0, true, 2.9, null),
                "9 8 7 6 5 6 4 3 2 1"))
        .isEqualTo("8 STOPPING_THRESHOLD");
  }

  @Test
  void check_worseThanDivergenceThreshold_stops() {
    assertThat(
            stopAt(
                new StoppingRule.Limits(MonitorMode.MIN, 3, 0, true, null, 15.9), "9 4 2 16 32 64"))
        .isEqualTo("3 DIVERGENCE_THRESHOLD");
  }

  @Test
  void check_notFiniteAndNotChecked_isNoImprovement() {
    assertThat(
            stopAt(
                new StoppingRule.Limits(MonitorMode.MIN, 2, 0, false, null, null), "3 NaN NaN 1"))
        .isEqualTo("2 PATIENCE_EXHAUSTED");
  }

  @Test
  void restore_inTheMiddle_goesOnCounting() {
    StoppingRule first = new StoppingRule("val_loss", limits(MonitorMode.MIN, 3, 0));
    first.check(5);
    first.check(6);
    StoppingRule second = new StoppingRule("val_loss", limits(MonitorMode.MIN, 3, 0));
    second.restore(first.waitCount(), first.bestScore());

    assertThat(second.check(5.5)).isEqualTo(StoppingReason.NOT_STOPPED);
    assertThat(second.check(5)).isEqualTo(StoppingReason.PATIENCE_EXHAUSTED);
    assertThat(second.message()).isEqualTo("val_loss has not improved on 5.0 in the last 3 checks");
  }
}
