package io.fulgur.callback.spike;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.callback.MonitorMode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpikeRuleTest {
  private static final int NONE = -1;

  private static int firstSpike(SpikeRule.Limits limits, String losses) {
    SpikeRule rule = new SpikeRule(limits);
    double[] values = Arrays.stream(losses.split(" ")).mapToDouble(Double::valueOf).toArray();
    for (int i = 0; i < values.length; i++) {
      if (rule.check(values[i])) {
        return i;
      }
    }
    return NONE;
  }

  private static SpikeRule.Limits limits(
      MonitorMode mode, int window, @Nullable Double atol, @Nullable Double rtol) {
    return new SpikeRule.Limits(mode, window, /* warmup= */ 1, atol, rtol, /* finiteOnly= */ true);
  }

  /** With rtol 2 a spike is three times the mean or more. */
  @ParameterizedTest
  @CsvSource({
    "1 1 1 2.9, -1",
    "1 1 1 3, 3",
    "4 2 3 9, 3",
    "4 2 3 8.9, -1",
    "100 1 1 1 3, 4",
    "1 1 1 NaN, 3",
    "1 1 Infinity, 2",
    "1 1 -Infinity, 2"
  })
  void check_relativeTolerance_isOfTheMeanOfTheWindow(String losses, int expected) {
    assertThat(firstSpike(limits(MonitorMode.MIN, 3, null, 2.0), losses)).isEqualTo(expected);
  }

  @Test
  void check_absoluteTolerance_isOfTheDistance() {
    assertThat(firstSpike(limits(MonitorMode.MIN, 2, 0.5, null), "1 1.4 1.7")).isEqualTo(2);
    assertThat(firstSpike(limits(MonitorMode.MIN, 2, 0.5, null), "1 1.4 1.6")).isEqualTo(NONE);
  }

  @Test
  void check_bothTolerances_mustBothBeExceeded() {
    SpikeRule.Limits both = limits(MonitorMode.MIN, 3, 5.0, 2.0);
    assertThat(firstSpike(both, "1 1 1 5.5")).isEqualTo(NONE);
    assertThat(firstSpike(both, "1 1 1 6")).isEqualTo(3);
    assertThat(firstSpike(both, "10 10 10 16")).isEqualTo(NONE);
  }

  @Test
  void check_better_isNoSpikeHoweverFar() {
    assertThat(firstSpike(limits(MonitorMode.MIN, 3, 1.0, null), "9 9 9 0.1")).isEqualTo(NONE);
    assertThat(firstSpike(limits(MonitorMode.MAX, 3, 1.0, null), "9 9 9 0.1")).isEqualTo(3);
    assertThat(firstSpike(limits(MonitorMode.MAX, 3, 1.0, null), "1 1 1 9")).isEqualTo(NONE);
  }

  @Test
  void check_warmup_letsEverythingPassAndCountsItOnce() {
    SpikeRule.Limits limits = new SpikeRule.Limits(MonitorMode.MIN, 2, 3, null, 2.0, true);
    assertThat(firstSpike(limits, "1 100 NaN 1 200")).isEqualTo(4);
    assertThat(firstSpike(new SpikeRule.Limits(MonitorMode.MIN, 2, 0, null, 2.0, true), "NaN"))
        .isZero();
  }

  @Test
  void check_notFiniteOnly_passesOverWhatIsNotFinite() {
    SpikeRule.Limits limits = new SpikeRule.Limits(MonitorMode.MIN, 3, 1, null, 2.0, false);
    assertThat(firstSpike(limits, "1 NaN Infinity 1 3")).isEqualTo(4);
  }

  @Test
  void restore_inTheMiddle_goesOnWithTheSameMean() {
    SpikeRule first = new SpikeRule(limits(MonitorMode.MIN, 2, null, 2.0));
    first.check(9);
    first.check(1);
    first.check(1);
    SpikeRule second = new SpikeRule(limits(MonitorMode.MIN, 2, null, 2.0));
    second.restore(first.seen(), first.recent());

    assertThat(second.mean()).isEqualTo(1);
    assertThat(second.check(3)).isTrue();
  }
}
