package io.fulgur.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.nn.schedule.ReduceLROnPlateau;
import io.fulgur.nn.schedule.StepLR;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerPlanTest {
  private final Optimizer one = optimizer();
  private final Optimizer other = optimizer();

  private static Optimizer optimizer() {
    return SGD.of(List.of(Parameter.of(Tensor.of(new float[] {1}, 1))));
  }

  @Test
  void withScheduler_nothingSaid_goesOnAfterEachEpoch() {
    LearningRateScheduler scheduler = new StepLR(one, 1, 0.5);

    OptimizerPlan plan = OptimizerPlan.of(one).withScheduler(scheduler);

    assertThat(plan.schedulers())
        .containsExactly(new Scheduled(scheduler, ScheduleInterval.EPOCH, 1, "", true, ""));
  }

  @Test
  void of_severalOptimizers_keepsTheirOrder() {
    LearningRateScheduler scheduler = new StepLR(other, 1, 0.5);
    OptimizerPlan plan = OptimizerPlan.of(one, other);

    OptimizerPlan scheduled = plan.withScheduler(scheduler, ScheduleInterval.STEP, 3);

    assertThat(scheduled.optimizers()).containsExactly(one, other);
    assertThat(scheduled.schedulers().get(0).frequency()).isEqualTo(3);
    assertThat(plan.schedulers()).isEmpty();
  }

  @Test
  void of_sameOptimizerTwice_isAnError() {
    assertThatThrownBy(() -> OptimizerPlan.of(one, other, one)).hasMessageContaining("SGD twice");
  }

  @Test
  void withScheduler_ofAnotherOptimizer_isAnError() {
    OptimizerPlan plan = OptimizerPlan.of(one);
    LearningRateScheduler scheduler = new StepLR(other, 1, 0.5);

    assertThatThrownBy(() -> plan.withScheduler(scheduler))
        .hasMessageContaining("StepLR belongs to an optimizer that is not in the plan");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -2})
  void withScheduler_frequencyNotPositive_isAnError(int frequency) {
    OptimizerPlan plan = OptimizerPlan.of(one);
    LearningRateScheduler scheduler = new StepLR(one, 1, 0.5);

    assertThatThrownBy(() -> plan.withScheduler(scheduler, ScheduleInterval.EPOCH, frequency))
        .hasMessageContaining("The frequency of StepLR is " + frequency);
  }

  @Test
  void withScheduler_thatFollowsAValue_keepsItsName() {
    ReduceLROnPlateau scheduler = ReduceLROnPlateau.of(one).build();

    OptimizerPlan plan = OptimizerPlan.of(one).withScheduler(scheduler, "val_loss", 2);

    assertThat(plan.schedulers())
        .containsExactly(new Scheduled(scheduler, ScheduleInterval.EPOCH, 2, "val_loss", true, ""));
  }

  @Test
  void withScheduler_thatFollowsAValueWithoutItsName_isAnError() {
    OptimizerPlan plan = OptimizerPlan.of(one);
    ReduceLROnPlateau scheduler = ReduceLROnPlateau.of(one).build();

    assertThatThrownBy(() -> plan.withScheduler(scheduler))
        .hasMessageContaining("Name it: withScheduler(scheduler, \"val_loss\")");
    assertThatThrownBy(() -> plan.withScheduler(scheduler, ""))
        .hasMessageContaining("was given an empty monitor");
    assertThatThrownBy(() -> plan.withScheduler(scheduler, "val_loss", 0))
        .hasMessageContaining("The frequency of ReduceLROnPlateau is 0");
  }

  @Test
  void scheduled_nothingSaid_hasTheDefaults() {
    Scheduled scheduled = Scheduled.of(new StepLR(one, 1, 0.5));

    assertThat(scheduled.interval()).isEqualTo(ScheduleInterval.EPOCH);
    assertThat(scheduled.frequency()).isEqualTo(1);
    assertThat(scheduled.monitor()).isEmpty();
    assertThat(scheduled.strict()).isTrue();
    assertThat(scheduled.name()).isEmpty();
  }

  @Test
  void monitor_ofAScheduleThatFollowsNoValue_isAnError() {
    Scheduled scheduled = Scheduled.of(new StepLR(one, 1, 0.5));

    assertThatThrownBy(() -> scheduled.monitor("val_loss"))
        .hasMessageContaining("StepLR follows no logged value, but is to monitor \"val_loss\"");
  }

  @Test
  void and_namedOptimizers_keepsNamesAndTurns() {
    OptimizerPlan plan = OptimizerPlan.of("a", one).and("b", other).everyNBatches("b", 5);

    assertThat(plan.entries())
        .containsExactly(
            new OptimizerPlan.Entry("a", one, 1), new OptimizerPlan.Entry("b", other, 5));
    assertThat(plan.optimizers()).containsExactly(one, other);
  }

  @Test
  void and_wrongNames_areErrors() {
    OptimizerPlan plan = OptimizerPlan.of("generator", one);

    assertThatThrownBy(() -> plan.and("generator", other))
        .hasMessageContaining("The SGD was given the name \"generator\", which another has");
    assertThatThrownBy(() -> plan.and("", other)).hasMessageContaining("which says nothing");
    assertThatThrownBy(() -> OptimizerPlan.of(one).and("a", other))
        .hasMessageContaining("joins a plan of optimizers without names");
    assertThatThrownBy(() -> plan.everyNBatches("generatr", 2))
        .hasMessageContaining("There is no optimizer \"generatr\"; the plan has generator.")
        .hasMessageContaining("Did you mean");
    assertThatThrownBy(() -> plan.everyNBatches("generator", 0))
        .hasMessageContaining("on every 0 batches, but that must be at least 1");
  }
}
