package io.fulgur.loop;

import io.fulgur.Trainer;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.error.Suggestions;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.module.Scheduled;
import io.fulgur.nn.schedule.ReduceLROnPlateau;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps the schedules that follow a logged value: after a batch and the validation that it was due
 * for, or when the batches of an epoch and its validation are over.
 */
final class MonitoredSchedules {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  private final RunContext run;
  private List<Scheduled> known = List.of();
  private List<Scheduled> perStep = List.of();
  private List<Scheduled> perEpoch = List.of();

  /** Values that were missed, to warn once of each. */
  private final Set<String> missed = new HashSet<>();

  /** Makes those of a run; a module that is optimized by hand steps them itself. */
  MonitoredSchedules(RunContext run) {
    this.run = run;
  }

  /** Finds the schedules anew if others have taken their place. */
  private void refresh() {
    if (known != run.state().scheduled) {
      known = run.state().scheduled;
      perStep = of(ScheduleInterval.STEP);
      perEpoch = of(ScheduleInterval.EPOCH);
    }
  }

  private List<Scheduled> of(ScheduleInterval interval) {
    return known.stream()
        .filter(each -> each.interval() == interval && !each.monitor().isEmpty())
        .filter(each -> !run.bound().isManual())
        .toList();
  }

  /** Returns the names of the values that schedules follow. */
  static Set<String> monitors(List<Scheduled> schedules) {
    return schedules.stream()
        .map(Scheduled::monitor)
        .filter(monitor -> !monitor.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Returns what is known now of the values that are followed: a run that goes on from the end of
   * this epoch does not validate again.
   */
  static Map<String, Double> known(RunContext run) {
    Map<String, Double> known = new LinkedHashMap<>(run.state().monitored);
    Map<String, Double> logged = run.log().callbackMetrics();
    for (String monitor : run.state().monitors) {
      Double value = logged.get(monitor);
      if (value != null) {
        known.put(monitor, value);
      }
    }
    return known;
  }

  /**
   * Steps those that go on with batches.
   *
   * @param batchIndex the batch of the epoch on which optimizers had their turn
   */
  void afterBatch(int batchIndex) {
    refresh();
    if (!perStep.isEmpty()) {
      step(perStep, batchIndex + 1, /* mustBeKnown= */ true);
    }
  }

  /**
   * Steps those that go on with epochs.
   *
   * @param epoch the epoch whose batches are over
   * @param trained whether there were batches; else the epoch had ended when it was saved
   */
  void afterEpoch(int epoch, boolean trained) {
    refresh();
    if (!perEpoch.isEmpty()) {
      step(perEpoch, epoch + 1, trained);
    }
  }

  private void step(List<Scheduled> schedules, int count, boolean mustBeKnown) {
    Map<String, Double> known = known(run);
    for (Scheduled scheduled : schedules) {
      if (count % scheduled.frequency() != 0
          || !(scheduled.scheduler() instanceof ReduceLROnPlateau scheduler)) {
        continue;
      }
      Double value = known.get(scheduled.monitor());
      if (value != null) {
        run.hooks().calls().lrSchedulerStep(scheduler, value);
      } else if (!mustBeKnown) {
        LOG.warn(
            "{} does not step for epoch {}: its \"{}\" was not known yet when the checkpoint was saved",
            scheduler.getClass().getSimpleName(),
            count - 1,
            scheduled.monitor());
      } else if (scheduled.strict()) {
        throw notLogged(scheduled);
      } else if (missed.add(scheduled.monitor())) {
        LOG.warn(
            "{} does not step: \"{}\", which it monitors, was not logged",
            scheduler.getClass().getSimpleName(),
            scheduled.monitor());
      }
    }
  }

  private FulgurException notLogged(Scheduled scheduled) {
    Set<String> logged = new TreeMap<>(run.log().callbackMetrics()).keySet();
    boolean perBatch = scheduled.interval() == ScheduleInterval.STEP;
    return new FulgurException(
        ErrorId.MONITOR_NOT_FOUND,
        ("%s monitors \"%s\", which was not logged by the end of the %s. Log it in a step or in"
                + " validation; if it is not new in every %s, set the frequency, or strict(false)"
                + " to go on without it."
                + "\nLogged so far: %s.%s")
            .formatted(
                scheduled.scheduler().getClass().getSimpleName(),
                scheduled.monitor(),
                perBatch ? "batch" : "epoch",
                perBatch ? "batch" : "epoch",
                logged.isEmpty() ? "nothing" : String.join(", ", logged),
                Suggestions.didYouMean(scheduled.monitor(), logged)));
  }
}
