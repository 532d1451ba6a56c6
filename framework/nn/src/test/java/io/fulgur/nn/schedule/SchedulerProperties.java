package io.fulgur.nn.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;

/** Laws of schedules; that what they compute step by step is what their formulas say. */
class SchedulerProperties {
  private static final double BASE = 0.5;

  private static List<Double> rates(Function<Optimizer, LearningRateScheduler> make, int steps) {
    Optimizer optimizer =
        SGD.of(List.of(Parameter.of(Tensor.zeros(1)))).learningRate(BASE).momentum(0.9);
    LearningRateScheduler schedule = make.apply(optimizer);
    List<Double> rates = new ArrayList<>(schedule.learningRates());
    for (int i = 0; i < steps; i++) {
      schedule.step();
      rates.addAll(schedule.learningRates());
    }
    return rates;
  }

  @Property(tries = 50)
  void linear_isOnALineThenConstant(
      @ForAll @DoubleRange(min = 0.01, max = 1) double start,
      @ForAll @DoubleRange(min = 0, max = 1) double end,
      @ForAll @IntRange(min = 1, max = 50) int totalSteps) {
    List<Double> rates = rates(o -> new LinearLR(o, start, end, totalSteps), 60);
    for (int step = 0; step <= 60; step++) {
      double part = Math.min(1, (double) step / totalSteps);
      assertThat(rates.get(step))
          .isCloseTo(BASE * (start + (end - start) * part), Offset.offset(1e-10));
    }
  }

  @Property(tries = 50)
  void polynomial_isThePowerOfWhatIsLeft(
      @ForAll @DoubleRange(min = 0.1, max = 4) double power,
      @ForAll @IntRange(min = 1, max = 50) int totalSteps) {
    List<Double> rates = rates(o -> new PolynomialLR(o, totalSteps, power), 60);
    for (int step = 0; step <= 60; step++) {
      double left = Math.max(0, 1 - (double) step / totalSteps);
      assertThat(rates.get(step)).isCloseTo(BASE * Math.pow(left, power), Offset.offset(1e-10));
    }
  }

  @Property(tries = 50)
  void warmRestarts_beginEachPeriodAtTheBase(
      @ForAll @IntRange(min = 1, max = 20) int period,
      @ForAll @IntRange(min = 1, max = 3) int factor) {
    List<Double> rates = rates(o -> new CosineAnnealingWarmRestarts(o, period, factor, 0.01), 200);
    int start = 0;
    for (int length = period; start <= 200; length *= factor) {
      assertThat(rates.get(start)).isEqualTo(BASE);
      for (int step = start + 1; step < Math.min(start + length, 201); step++) {
        assertThat(rates.get(step)).isLessThan(rates.get(step - 1));
      }
      start += length;
    }
  }

  @Property(tries = 50)
  void cyclic_staysWithinItsLimitsAndComesBack(
      @ForAll @IntRange(min = 1, max = 20) int up, @ForAll @IntRange(min = 1, max = 20) int down) {
    for (CyclicLR.Mode mode : CyclicLR.Mode.values()) {
      List<Double> rates =
          rates(
              o ->
                  CyclicLR.of(o, 0.1, 0.4)
                      .stepSizeUp(up)
                      .stepSizeDown(down)
                      .mode(mode)
                      .gamma(0.9)
                      .build(),
              3 * (up + down));
      assertThat(rates).allMatch(rate -> rate >= 0.1 - 1e-12 && rate <= 0.4 + 1e-12);
      for (int cycle = 0; cycle <= 3; cycle++) {
        assertThat(rates.get(cycle * (up + down))).isCloseTo(0.1, Offset.offset(1e-12));
      }
    }
  }

  @Property(tries = 50)
  void oneCycle_risesToItsMaximumAndFalls(
      @ForAll @IntRange(min = 4, max = 100) int totalSteps,
      @ForAll @DoubleRange(min = 0.1, max = 0.9) double pctStart) {
    List<Double> rates =
        rates(o -> OneCycleLR.of(o, 0.4, totalSteps).pctStart(pctStart).build(), totalSteps - 1);
    int top = rates.indexOf(rates.stream().max(Double::compare).orElseThrow());
    for (int step = 1; step < totalSteps; step++) {
      boolean rises = rates.get(step) > rates.get(step - 1);
      assertThat(rises).as("step %d of %d", step, totalSteps).isEqualTo(step <= top);
    }
    assertThat(rates.get(totalSteps - 1)).isCloseTo(0.4 / 25e4, Offset.offset(1e-12));
  }

  @Property(tries = 30)
  void sequence_ofOne_andChainOfOne_areThatOne(
      @ForAll @IntRange(min = 1, max = 20) int size,
      @ForAll @DoubleRange(min = 0.1, max = 1) double gamma) {
    List<Double> alone = rates(o -> new StepLR(o, size, gamma), 50);
    assertThat(rates(o -> new SequentialLR(List.of(new StepLR(o, size, gamma)), List.of()), 50))
        .isEqualTo(alone);
    assertThat(rates(o -> new ChainedScheduler(new StepLR(o, size, gamma)), 50)).isEqualTo(alone);
  }
}
