package io.fulgur.loop;

import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.module.Scheduled;
import io.fulgur.nn.optimizer.Optimizer;
import java.util.function.Predicate;

/** Steps the learning-rate schedules that follow no logged value. */
final class Schedules {
  private final ModuleCalls calls;
  private final Scheduled[] perStep;
  private final Scheduled[] perEpoch;

  /** Makes those of a plan; a module that is optimized by hand steps them itself. */
  Schedules(OptimizerPlan plan, RunContext run) {
    calls = run.hooks().calls();
    perStep = of(plan, run, ScheduleInterval.STEP);
    perEpoch = of(plan, run, ScheduleInterval.EPOCH);
  }

  private static Scheduled[] of(OptimizerPlan plan, RunContext run, ScheduleInterval interval) {
    return plan.schedulers().stream()
        .filter(each -> each.interval() == interval && each.monitor().isEmpty())
        .filter(each -> !run.bound().isManual())
        .toArray(Scheduled[]::new);
  }

  /**
   * Steps those that go on with batches.
   *
   * @param batchIndex the batch of the epoch on which optimizers have stepped
   * @param stepped tells which ones
   */
  void afterStep(int batchIndex, Predicate<Optimizer> stepped) {
    for (Scheduled each : perStep) {
      if ((batchIndex + 1) % each.frequency() == 0 && stepped.test(each.scheduler().optimizer())) {
        calls.lrSchedulerStep(each.scheduler());
      }
    }
  }

  /** Steps those that go on with epochs, when the batches of one are over. */
  void afterBatches(int epoch) {
    for (Scheduled each : perEpoch) {
      if ((epoch + 1) % each.frequency() == 0) {
        calls.lrSchedulerStep(each.scheduler());
      }
    }
  }
}
