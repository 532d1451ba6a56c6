package io.fulgur.loop;

import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.ScheduleInterval;
import java.util.List;

/** Steps the learning-rate schedules that follow no logged value. */
final class Schedules {
  private final RunState state;
  private List<OptimizerPlan.Scheduled> known = List.of();
  private OptimizerPlan.Scheduled[] perStep = {};
  private OptimizerPlan.Scheduled[] perEpoch = {};

  Schedules(RunState state) {
    this.state = state;
  }

  /** Finds the schedules anew if others have taken their place. */
  private void refresh() {
    if (known != state.scheduled) {
      known = state.scheduled;
      perStep = of(known, ScheduleInterval.STEP);
      perEpoch = of(known, ScheduleInterval.EPOCH);
    }
  }

  private static OptimizerPlan.Scheduled[] of(
      List<OptimizerPlan.Scheduled> all, ScheduleInterval interval) {
    return all.stream()
        .filter(each -> each.interval() == interval && each.monitor().isEmpty())
        .toArray(OptimizerPlan.Scheduled[]::new);
  }

  /**
   * Steps those that go on with batches.
   *
   * @param batchIndex the batch of the epoch on which the optimizers have stepped
   */
  void afterStep(int batchIndex) {
    refresh();
    step(perStep, batchIndex + 1);
  }

  /** Steps those that go on with epochs, when the batches of one are over. */
  void afterBatches(int epoch) {
    refresh();
    step(perEpoch, epoch + 1);
  }

  private static void step(OptimizerPlan.Scheduled[] schedules, int count) {
    for (OptimizerPlan.Scheduled each : schedules) {
      if (count % each.frequency() == 0) {
        each.scheduler().step();
      }
    }
  }
}
