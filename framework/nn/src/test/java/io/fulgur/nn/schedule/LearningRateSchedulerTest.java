package io.fulgur.nn.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LearningRateSchedulerTest {
  private static Optimizer optimizer() {
    return SGD.of(
            ParameterGroup.of(List.of(Parameter.of(Tensor.zeros(1)))),
            ParameterGroup.of(List.of(Parameter.of(Tensor.zeros(1)))).learningRate(0.01))
        .learningRate(0.5);
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
              "does not fit StepLR, which needs whole numbers, 0 or more: steps.");
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
