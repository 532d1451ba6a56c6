package io.fulgur.nn.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.nn.testing.Reference;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongToDoubleFunction;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the learning rates and momenta of 200 steps with PyTorch's. */
class ScheduleReferenceTest {
  private static final JsonNode CASES = Reference.read("schedules.json");
  private static final Offset<Double> TOLERANCE = Offset.offset(1e-13);

  /** Schedules of one optimizer, made and stepped as in a training loop. */
  private record Case(
      Function<Optimizer, List<LearningRateScheduler>> make,
      Function<ParameterGroup[], Optimizer> optimizer,
      String momentum,
      LongToDoubleFunction metric) {

    static Case of(Function<Optimizer, List<LearningRateScheduler>> make) {
      return new Case(make, groups -> SGD.of(groups).learningRate(0.5), "momentum", step -> 0);
    }

    static Case one(Function<Optimizer, LearningRateScheduler> make) {
      return of(optimizer -> List.of(make.apply(optimizer)));
    }

    Case withAdam() {
      return new Case(make, groups -> Adam.of(groups).learningRate(0.5), "beta1", metric);
    }

    Case with(LongToDoubleFunction values) {
      return new Case(make, optimizer, momentum, values);
    }
  }

  /** A case in progress. */
  private static final class Run {
    final Case of;
    final Optimizer optimizer;
    final List<LearningRateScheduler> schedulers;

    Run(String name) {
      of = cases().get(name);
      optimizer =
          of.optimizer.apply(
              new ParameterGroup[] {
                ParameterGroup.of(List.of(Parameter.of(Tensor.zeros(1)))),
                ParameterGroup.of(List.of(Parameter.of(Tensor.zeros(1)))).learningRate(0.01)
              });
      schedulers = of.make.apply(optimizer);
    }

    void step(int number) {
      for (LearningRateScheduler scheduler : schedulers) {
        if (scheduler instanceof ReduceLROnPlateau plateau) {
          plateau.step(of.metric.applyAsDouble(number));
        } else {
          scheduler.step();
        }
      }
    }

    ParameterGroup group(int index) {
      return optimizer.groups().get(index);
    }

    Map<String, Parameter> names() {
      return Map.of("a", group(0).parameters().get(0), "b", group(1).parameters().get(0));
    }
  }

  private static double falling(long step) {
    return 1.0 / step + 0.01 * Math.sin((double) step);
  }

  private static double rising(long step) {
    return step / (step + 20.0) + 0.05 * Math.sin(2.0 * step);
  }

  private static Map<String, Case> cases() {
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("step", Case.one(o -> new StepLR(o, 40, 0.3)));
    cases.put("multiStep", Case.one(o -> new MultiStepLR(o, List.of(120L, 5L, 60L, 60L), 0.4)));
    cases.put("constant", Case.one(o -> new ConstantLR(o, 0.25, 13)));
    cases.put("exponential", Case.one(o -> new ExponentialLR(o, 0.97)));
    cases.put("linear", Case.one(o -> new LinearLR(o, 0.01, 1, 150)));
    cases.put("linearDown", Case.one(o -> new LinearLR(o, 1, 0, 25)));
    cases.put("polynomial", Case.one(o -> new PolynomialLR(o, 150, 2.5)));
    cases.put("polynomialStraight", Case.one(o -> new PolynomialLR(o, 20, 1)));
    cases.put("cosine", Case.one(o -> new CosineAnnealingLR(o, 70)));
    cases.put("cosineWithMinimum", Case.one(o -> new CosineAnnealingLR(o, 7, 0.001)));
    cases.put("cosineOfPeriodOne", Case.one(o -> new CosineAnnealingLR(o, 1)));
    cases.put("cosineRestarts", Case.one(o -> new CosineAnnealingWarmRestarts(o, 33)));
    cases.put(
        "cosineRestartsLonger", Case.one(o -> new CosineAnnealingWarmRestarts(o, 10, 2, 0.002)));
    cases.put("lambda", Case.one(o -> new LambdaLR(o, n -> Math.min(1.0, (n + 1) / 50.0))));
    putCycles(cases);
    putPlateaus(cases);
    cases.put(
        "stepAndExponential",
        Case.of(o -> List.of(new StepLR(o, 50, 0.5), new ExponentialLR(o, 0.99))));
    cases.put("swa", Case.one(o -> new SWALR(o, 12, AnnealStrategy.COSINE, 0.05)));
    cases.put("swaLinear", Case.one(o -> new SWALR(o, 12, AnnealStrategy.LINEAR, 0.05, 0.3)));
    cases.put("swaAtOnce", Case.one(o -> new SWALR(o, 0, AnnealStrategy.COSINE, 0.05)));
    cases.put(
        "swaAfterStep",
        Case.of(
            o -> List.of(new StepLR(o, 5, 0.5), new SWALR(o, 30, AnnealStrategy.COSINE, 0.05))));
    cases.put(
        "chained",
        Case.one(
            o ->
                new ChainedScheduler(
                    new LinearLR(o, 0.1, 1, 30),
                    new MultiStepLR(o, List.of(80L, 90L), 0.5),
                    new ExponentialLR(o, 0.99))));
    cases.put(
        "sequential",
        Case.one(
            o ->
                new SequentialLR(
                    List.of(
                        new LinearLR(o, 0.01, 1, 25),
                        new CosineAnnealingLR(o, 75),
                        new ConstantLR(o, 0.1, 20),
                        new StepLR(o, 10, 0.7)),
                    List.of(25L, 100L, 140L))));
    return cases;
  }

  private static void putCycles(Map<String, Case> cases) {
    cases.put("oneCycle", Case.one(o -> OneCycleLR.of(o, 0.4, 201).build()));
    cases.put(
        "oneCycleThreePhase",
        Case.one(
                o ->
                    OneCycleLR.of(o, 0, 210)
                        .maxLearningRates(0.4, 0.1)
                        .pctStart(0.25)
                        .threePhase(true)
                        .divFactor(10)
                        .finalDivFactor(50)
                        .baseMomentum(0.7)
                        .maxMomentum(0.8)
                        .build())
            .withAdam());
    cases.put(
        "oneCycleLinear",
        Case.one(
            o ->
                OneCycleLR.of(o, 0.4, 201)
                    .annealStrategy(AnnealStrategy.LINEAR)
                    .cycleMomentum(false)
                    .build()));
    cases.put(
        "oneCycleLinearThreePhase",
        Case.one(
            o ->
                OneCycleLR.of(o, 0.4, 201)
                    .annealStrategy(AnnealStrategy.LINEAR)
                    .threePhase(true)
                    .build()));
    cases.put(
        "cyclicTriangular",
        Case.one(o -> CyclicLR.of(o, 0.01, 0).maxLearningRates(0.1, 0.2).stepSizeUp(20).build()));
    cases.put(
        "cyclicTriangular2",
        Case.one(
            o ->
                CyclicLR.of(o, 0.01, 0.1)
                    .stepSizeUp(20)
                    .stepSizeDown(11)
                    .mode(CyclicLR.Mode.TRIANGULAR2)
                    .baseMomentum(0.5)
                    .maxMomentum(0.95)
                    .build()));
    cases.put(
        "cyclicExpRange",
        Case.one(
            o ->
                CyclicLR.of(o, 0.3, 0.1)
                    .baseLearningRates(0.01)
                    .stepSizeUp(17)
                    .mode(CyclicLR.Mode.EXP_RANGE)
                    .gamma(0.99)
                    .cycleMomentum(false)
                    .build()));
  }

  private static void putPlateaus(Map<String, Case> cases) {
    cases.put(
        "plateau",
        Case.one(o -> ReduceLROnPlateau.of(o).patience(5).build())
            .with(ScheduleReferenceTest::falling));
    cases.put(
        "plateauAbsolute",
        Case.one(
                o ->
                    ReduceLROnPlateau.of(o)
                        .factor(0.5)
                        .patience(3)
                        .threshold(0.01)
                        .thresholdMode(ReduceLROnPlateau.ThresholdMode.ABSOLUTE)
                        .cooldown(8)
                        .minLearningRate(0.01, 0.002)
                        .build())
            .with(ScheduleReferenceTest::falling));
    cases.put(
        "plateauMax",
        Case.one(
                o ->
                    ReduceLROnPlateau.of(o)
                        .mode(ReduceLROnPlateau.Mode.MAX)
                        .factor(0.8)
                        .patience(4)
                        .threshold(0.02)
                        .epsilon(1e-3)
                        .build())
            .with(ScheduleReferenceTest::rising));
    cases.put(
        "plateauMaxAbsolute",
        Case.one(
                o ->
                    ReduceLROnPlateau.of(o)
                        .mode(ReduceLROnPlateau.Mode.MAX)
                        .factor(0.3)
                        .patience(2)
                        .threshold(0.03)
                        .thresholdMode(ReduceLROnPlateau.ThresholdMode.ABSOLUTE)
                        .cooldown(3)
                        .build())
            .with(ScheduleReferenceTest::rising));
  }

  @Test
  void cases_ofTheReference_areAllTested() {
    assertThat(cases().keySet()).containsExactlyInAnyOrderElementsOf(() -> CASES.fieldNames());
  }

  static Stream<String> names() {
    return cases().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void numbers_ofEachStep_equalPyTorch(String name) {
    Run run = new Run(name);
    JsonNode expected = CASES.get(name);
    int steps = expected.get("first").size() - 1;
    assertThat(steps).isGreaterThanOrEqualTo(20);
    for (int step = 0; step <= steps; step++) {
      if (step > 0) {
        run.step(step);
      }
      assertThat(run.group(0).learningRate())
          .as("group 0 at step %d", step)
          .isCloseTo(expected.get("first").get(step).asDouble(), TOLERANCE);
      if (step < expected.get("second").size()) {
        assertThat(run.group(1).learningRate())
            .as("group 1 at step %d", step)
            .isCloseTo(expected.get("second").get(step).asDouble(), TOLERANCE);
      }
      if (expected.has("momentum")) {
        assertThat(run.group(0).get(run.of.momentum))
            .as("momentum at step %d", step)
            .isCloseTo(expected.get("momentum").get(step).asDouble(), TOLERANCE);
      }
    }
    assertThat(run.schedulers.get(0).steps()).isEqualTo(steps);
  }

  @ParameterizedTest
  @MethodSource("names")
  void resumed_atAnyStep_givesTheNumbersOfTheUninterrupted(String name) {
    for (int at : new int[] {0, 6, 27}) {
      Run whole = new Run(name);
      for (int step = 1; step <= at; step++) {
        whole.step(step);
      }
      Run resumed = new Run(name);
      resumed.optimizer.loadStateDict(whole.optimizer.stateDict(whole.names()), resumed.names());
      for (int i = 0; i < whole.schedulers.size(); i++) {
        resumed.schedulers.get(i).loadStateDict(whole.schedulers.get(i).stateDict());
      }
      for (int step = at + 1; step <= at + 60; step++) {
        whole.step(step);
        resumed.step(step);
        for (int g = 0; g < 2; g++) {
          assertThat(resumed.group(g).hyperparameters())
              .as("step %d after a stop at %d", step, at)
              .isEqualTo(whole.group(g).hyperparameters());
        }
      }
    }
  }
}
