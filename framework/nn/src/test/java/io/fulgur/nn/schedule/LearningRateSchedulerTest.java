package io.fulgur.nn.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
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
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LearningRateSchedulerTest {
  private static final JsonNode CASES = Reference.read("schedules.json");

  private static Map<String, Function<Optimizer, List<LearningRateScheduler>>> schedules() {
    Map<String, Function<Optimizer, List<LearningRateScheduler>>> cases = new LinkedHashMap<>();
    cases.put("step", o -> List.of(new StepLR(o, 4, 0.3)));
    cases.put("exponential", o -> List.of(new ExponentialLR(o, 0.9)));
    cases.put("cosine", o -> List.of(new CosineAnnealingLR(o, 10)));
    cases.put("cosineWithMinimum", o -> List.of(new CosineAnnealingLR(o, 7, 0.001)));
    cases.put("cosineOfPeriodOne", o -> List.of(new CosineAnnealingLR(o, 1)));
    cases.put("lambda", o -> List.of(new LambdaLR(o, n -> Math.min(1.0, (n + 1) / 5.0))));
    cases.put(
        "stepAndExponential", o -> List.of(new StepLR(o, 5, 0.5), new ExponentialLR(o, 0.95)));
    return cases;
  }

  private static Optimizer optimizer() {
    return SGD.of(
            ParameterGroup.of(List.of(Parameter.of(Tensor.zeros(1)))),
            ParameterGroup.of(List.of(Parameter.of(Tensor.zeros(1)))).learningRate(0.01))
        .learningRate(0.5);
  }

  @Test
  void cases_ofTheReference_areAllTested() {
    assertThat(schedules().keySet()).containsExactlyInAnyOrderElementsOf(() -> CASES.fieldNames());
  }

  static Stream<String> names() {
    return schedules().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void learningRates_ofEachStep_equalPyTorch(String name) {
    Optimizer optimizer = optimizer();
    List<LearningRateScheduler> schedulers = schedules().get(name).apply(optimizer);
    int step = 0;
    for (JsonNode expected : CASES.get(name)) {
      for (int group = 0; group < 2; group++) {
        assertThat(optimizer.groups().get(group).learningRate())
            .as("group %d at step %d", group, step)
            .isCloseTo(expected.get(group).asDouble(), Offset.offset(1e-13));
      }
      schedulers.forEach(LearningRateScheduler::step);
      step++;
    }
    assertThat(step).isEqualTo(31);
    assertThat(schedulers.get(0).steps()).isEqualTo(31);
  }

  @ParameterizedTest
  @MethodSource("names")
  void resumed_givesTheRatesOfTheUninterrupted(String name) {
    Optimizer whole = optimizer();
    List<LearningRateScheduler> wholeSchedulers = schedules().get(name).apply(whole);
    for (int i = 0; i < 6; i++) {
      wholeSchedulers.forEach(LearningRateScheduler::step);
    }
    Optimizer resumed = optimizer();
    List<LearningRateScheduler> resumedSchedulers = schedules().get(name).apply(resumed);
    resumed.loadStateDict(whole.stateDict(names(whole)), names(resumed));
    for (int i = 0; i < wholeSchedulers.size(); i++) {
      resumedSchedulers.get(i).loadStateDict(wholeSchedulers.get(i).stateDict());
    }
    for (int i = 0; i < 9; i++) {
      wholeSchedulers.forEach(LearningRateScheduler::step);
      resumedSchedulers.forEach(LearningRateScheduler::step);
      assertThat(resumedSchedulers.get(0).learningRates())
          .isEqualTo(wholeSchedulers.get(0).learningRates());
    }
  }

  private static Map<String, Parameter> names(Optimizer optimizer) {
    Map<String, Parameter> names = new LinkedHashMap<>();
    for (ParameterGroup group : optimizer.groups()) {
      names.put("p" + names.size(), group.parameters().get(0));
    }
    return names;
  }

  @Test
  void learningRate_setByTheUser_isTheNewBase() {
    Optimizer optimizer = optimizer();
    LambdaLR schedule = new LambdaLR(optimizer, n -> 1.0 / (n + 1));
    optimizer.groups().get(0).learningRate(0.8);
    schedule.step();
    assertThat(schedule.learningRates()).containsExactly(0.4, 0.005);
    assertThat(schedule.optimizer()).isSameAs(optimizer);
  }

  @Test
  void loadStateDict_ofSomethingElse_isRefused() {
    LearningRateScheduler schedule = new StepLR(optimizer(), 2, 0.5);
    for (Map<String, Double> state :
        List.of(
            Map.<String, Double>of(),
            Map.of("epochs", 1.0),
            Map.of("steps", 1.5),
            Map.of("steps", -1.0),
            Map.of("steps", Double.NaN))) {
      assertThatThrownBy(() -> schedule.loadStateDict(state))
          .isInstanceOfSatisfying(
              FulgurException.class,
              e -> assertThat(e.id()).isEqualTo(ErrorId.SCHEDULER_STATE_MISMATCH))
          .hasMessageContaining(
              "does not fit StepLR, which needs \"steps\", a whole number, 0 or more.");
    }
    assertThat(schedule.steps()).isZero();
  }

  @Test
  void arguments_notAllowed_areRefused() {
    Optimizer optimizer = optimizer();
    assertRefused(
        () -> new StepLR(optimizer, 0, 0.1), "StepLR: stepSize is 0; allowed is 1 or more.");
    assertRefused(
        () -> new StepLR(optimizer, 1, -0.1),
        "StepLR: gamma is -0.1; allowed is a finite number, 0 or more.");
    assertRefused(
        () -> new ExponentialLR(optimizer, Double.NaN),
        "ExponentialLR: gamma is NaN; allowed is a finite number, 0 or more.");
    assertRefused(
        () -> new CosineAnnealingLR(optimizer, 0),
        "CosineAnnealingLR: period is 0; allowed is 1 or more.");
    assertRefused(
        () -> new CosineAnnealingLR(optimizer, 5, -1),
        "CosineAnnealingLR: minimum is -1.0; allowed is a finite number, 0 or more.");
    assertRefused(
        () -> new LambdaLR(optimizer, n -> -1.0),
        "SGD: learningRate is -0.5; allowed is 0 or more.");
  }

  private static void assertRefused(Runnable code, String message) {
    assertThatThrownBy(code::run)
        .isInstanceOf(FulgurException.class)
        .hasMessage("[InvalidHyperparameter] " + message);
  }
}
