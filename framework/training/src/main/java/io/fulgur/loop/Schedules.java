package io.fulgur.loop;

import io.fulgur.module.ScheduleInterval;
import io.fulgur.module.Scheduled;
import io.fulgur.nn.optimizer.Optimizer;
import java.util.List;
import java.util.function.Predicate;

/** Steps the learning-rate schedules that follow no logged value. */
final class Schedules {
  private final RunContext run;
  private final ModuleCalls calls;
  private List<Scheduled> known = List.of();
  private Scheduled[] perStep = {};
  private Scheduled[] perEpoch = {};

  /** Makes those of a run; a module that is optimized by hand steps them itself. */
  Schedules(RunContext run) {
    this.run = run;
    this.calls = run.hooks().calls();
  }

  /** Finds the schedules anew if others have taken their place. */
  private void refresh() {
    if (known != run.state().scheduled) {
      known = run.state().scheduled;
      perStep = of(ScheduleInterval.STEP);
      perEpoch = of(ScheduleInterval.EPOCH);
    }
  }

  private Scheduled[] of(ScheduleInterval interval) {
    return known.stream()
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
    refresh();
    for (int i = 0; i < perStep.length; i++) {
      Scheduled each = perStep[i];
      if ((batchIndex + 1) % each.frequency() == 0
          && stepped.test(each.scheduler().optimizer())
          && isLeft(i)) {
        calls.lrSchedulerStep(each.scheduler());
      }
    }
  }

  /** Steps those that go on with epochs, on the last batch of one. */
  void afterLastBatch(int epoch) {
    refresh();
    for (int i = 0; i < perEpoch.length; i++) {
      if ((epoch + 1) % perEpoch[i].frequency() == 0 && isLeft(perStep.length + i)) {
        calls.lrSchedulerStep(perEpoch[i].scheduler());
      }
    }
  }

  /** Steps those that go on with epochs, when the rest of one is left out. */
  void afterSkip(int epoch) {
    refresh();
    for (Scheduled each : perEpoch) {
      if ((epoch + 1) % each.frequency() == 0) {
        calls.lrSchedulerStep(each.scheduler());
      }
    }
  }

  /** Takes the part of a schedule in what is done on a batch, after those of the optimizers. */
  private boolean isLeft(int schedule) {
    int part = run.state().optimizers.size() + 1 + schedule;
    if (run.state().parts.isDone(part)) {
      return false;
    }
    run.take(part);
    return true;
  }
}
