package io.fulgur.loop;

import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.ScheduleInterval;

/** Steps the learning-rate schedules that follow no logged value. */
final class Schedules {
  private final OptimizerPlan.Scheduled[] perStep;
  private final OptimizerPlan.Scheduled[] perEpoch;

  Schedules(OptimizerPlan plan) {
    perStep = of(plan, ScheduleInterval.STEP);
    perEpoch = of(plan, ScheduleInterval.EPOCH);
  }

  private static OptimizerPlan.Scheduled[] of(OptimizerPlan plan, ScheduleInterval interval) {
    return plan.schedulers().stream()
        .filter(each -> each.interval() == interval && each.monitor().isEmpty())
        .toArray(OptimizerPlan.Scheduled[]::new);
  }

  /**
   * Steps those that go on with batches.
   *
   * @param batchIndex the batch of the epoch on which the optimizers have stepped
   */
  void afterStep(int batchIndex) {
    step(perStep, batchIndex + 1);
  }

  /** Steps those that go on with epochs, when the batches of one are over. */
  void afterBatches(int epoch) {
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
