package io.fulgur.nn.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.optimizer.Adagrad;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
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

  @Test
  void arguments_ofFormulas_notAllowed_areRefused() {
    Optimizer o = optimizer();
    assertRefused(
        () -> new ConstantLR(o, 0, 5), "ConstantLR: factor is 0.0; allowed is above 0, at most 1.");
    assertRefused(
        () -> new ConstantLR(o, 0.5, 0), "ConstantLR: totalSteps is 0; allowed is 1 or more.");
    assertRefused(
        () -> new LinearLR(o, 0, 1, 5),
        "LinearLR: startFactor is 0.0; allowed is above 0, at most 1.");
    assertRefused(
        () -> new LinearLR(o, 1, 1.5, 5), "LinearLR: endFactor is 1.5; allowed is from 0 to 1.");
    assertRefused(
        () -> new PolynomialLR(o, 5, -1),
        "PolynomialLR: power is -1.0; allowed is a finite number, 0 or more.");
    assertRefused(
        () -> new MultiStepLR(o, List.of(3L, 0L), 0.1),
        "MultiStepLR: milestones are [3, 0]; allowed are numbers of 1 or more.");
    assertRefused(
        () -> new CosineAnnealingWarmRestarts(o, 5, 0, 0),
        "CosineAnnealingWarmRestarts: periodFactor is 0; allowed is 1 or more.");
  }

  @Test
  void arguments_ofCycles_notAllowed_areRefused() {
    Optimizer o = optimizer();
    assertRefused(
        () -> OneCycleLR.of(o, 0.1, 0).build(),
        "OneCycleLR: totalSteps is 0; allowed is 1 or more.");
    assertRefused(
        () -> OneCycleLR.of(o, 0.1, 10).threePhase(true).pctStart(0.6).build(),
        "OneCycleLR: pctStart is 0.6; allowed is from 0 to 0.5.");
    assertRefused(
        () -> OneCycleLR.of(o, 0.1, 10).maxLearningRates(1, 2, 3).build(),
        "OneCycleLR: maxLearningRate was given 3 numbers; allowed is one, or one for each of the 2"
            + " groups.");
    assertRefused(
        () -> OneCycleLR.of(o, 0.1, 10).maxMomentum(1).build(),
        "OneCycleLR: maxMomentum is 1.0; allowed is from 0 to below 1.");
    assertRefused(
        () -> CyclicLR.of(o, 0.1, 1).gamma(2).build(),
        "CyclicLR: gamma is 2.0; allowed is above 0, at most 1.");
    assertRefused(
        () -> CyclicLR.of(Adagrad.of(List.of(Parameter.of(Tensor.zeros(1)))), 0.1, 1).build(),
        "CyclicLR: Adagrad has neither momentum nor beta1, so there is nothing to cycle; set"
            + " cycleMomentum(false).");
    assertThat(o.groups().get(0).learningRate()).isEqualTo(0.5);
  }

  @Test
  void arguments_ofPlateau_notAllowed_areRefused() {
    Optimizer o = optimizer();
    assertRefused(
        () -> ReduceLROnPlateau.of(o).factor(1).build(),
        "ReduceLROnPlateau: factor is 1.0; allowed is from 0 to below 1.");
    assertRefused(
        () -> ReduceLROnPlateau.of(o).patience(-1).build(),
        "ReduceLROnPlateau: patience is -1.0; allowed is a finite number, 0 or more.");
    assertRefused(
        () -> ReduceLROnPlateau.of(o).minLearningRate(-0.1).build(),
        "ReduceLROnPlateau: minLearningRate is -0.1; allowed is a finite number, 0 or more.");
  }

  @Test
  void arguments_ofComposites_notAllowed_areRefused() {
    Optimizer o = optimizer();
    LearningRateScheduler one = new StepLR(o, 5, 0.5);
    LearningRateScheduler other = new StepLR(optimizer(), 5, 0.5);
    assertRefused(
        () -> new ChainedScheduler(),
        "ChainedScheduler was given no schedules. Pass one at least.");
    assertRefused(
        () -> new ChainedScheduler(one, other),
        "ChainedScheduler: schedules 0 and 1 are of different optimizers; make all of them for"
            + " one.");
    assertRefused(
        () -> new ChainedScheduler(one, ReduceLROnPlateau.of(o).build()),
        "ChainedScheduler: schedule 1 is a ReduceLROnPlateau, which follows a monitored value; step"
            + " it apart.");
    assertRefused(
        () -> new SequentialLR(List.of(one), List.of(5L)),
        "SequentialLR: there are 1 schedules and 1 milestones; give one milestone fewer than"
            + " schedules.");
    assertRefused(
        () -> new SequentialLR(List.of(one, one, one), List.of(5L, 5L)),
        "SequentialLR: milestones are [5, 5]; allowed are numbers of 1 or more, each larger than the"
            + " one before.");
  }

  @Test
  void step_ofPlateauWithoutValue_saysThatItNeedsOne() {
    ReduceLROnPlateau schedule = ReduceLROnPlateau.of(optimizer()).build();
    assertThatThrownBy(schedule::step).hasMessageContaining("call step(value)");
    assertThat(schedule.steps()).isZero();
  }

  @Test
  void step_ofPlateauWithNan_countsAsNoProgress() {
    ReduceLROnPlateau schedule = ReduceLROnPlateau.of(optimizer()).patience(1).factor(0.5).build();
    schedule.step(3);
    schedule.step(Double.NaN);
    schedule.step(Double.NaN);
    assertThat(schedule.best()).isEqualTo(3);
    assertThat(schedule.learningRates()).containsExactly(0.25, 0.005);
  }

  @Test
  void loadStateDict_ofCompositeThatDoesNotFit_loadsNothing() {
    Optimizer o = optimizer();
    ChainedScheduler chained = new ChainedScheduler(new StepLR(o, 5, 0.5), new StepLR(o, 7, 0.5));
    chained.step();
    assertThat(chained.stateDict()).isEqualTo(Map.of("steps", 1.0, "0.steps", 1.0, "1.steps", 1.0));
    assertThatThrownBy(
            () -> chained.loadStateDict(Map.of("steps", 3.0, "0.steps", 3.0, "1.steps", -3.0)))
        .isInstanceOfSatisfying(
            FulgurException.class,
            e -> assertThat(e.id()).isEqualTo(ErrorId.SCHEDULER_STATE_MISMATCH));
    assertThat(chained.stateDict()).isEqualTo(Map.of("steps", 1.0, "0.steps", 1.0, "1.steps", 1.0));
  }

  @Test
  void oneCycle_afterItsEnd_staysThere() {
    Optimizer o = optimizer();
    OneCycleLR schedule = OneCycleLR.of(o, 1, 10).build();
    for (int i = 0; i < 9; i++) {
      schedule.step();
    }
    assertThat(o.groups().get(0).learningRate()).isCloseTo(1 / 25e4, Offset.offset(1e-15));
    schedule.step();
    schedule.step();
    assertThat(o.groups().get(0).learningRate()).isCloseTo(1 / 25e4, Offset.offset(1e-15));
    assertThat(o.groups().get(0).get("momentum")).isCloseTo(0.95, Offset.offset(1e-15));
  }

  @Test
  void composites_nested_beginAnewWhereTheirTurnComes() {
    Optimizer o = optimizer();
    SequentialLR schedule =
        new SequentialLR(
            List.of(
                new ConstantLR(o, 0.1, 100),
                new ChainedScheduler(new LinearLR(o, 0.5, 1, 4), new ExponentialLR(o, 0.5)),
                new SequentialLR(
                    List.of(new ConstantLR(o, 0.2, 100), new ExponentialLR(o, 0.1)), List.of(2L))),
            List.of(3L, 5L));
    double[] expected = {0.05, 0.05, 0.05, 0.25, 0.15625, 0.1, 0.1, 0.5, 0.05};
    for (int i = 0; i < expected.length; i++) {
      if (i > 0) {
        schedule.step();
      }
      assertThat(schedule.learningRates().get(0))
          .as("step %d", i)
          .isCloseTo(expected[i], Offset.offset(1e-12));
    }
  }

  private static void assertRefused(Runnable code, String message) {
    assertThatThrownBy(code::run)
        .isInstanceOf(FulgurException.class)
        .hasMessage("[InvalidHyperparameter] " + message);
  }
}
