package io.fulgur.loop;

import io.fulgur.Trainer;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.error.Suggestions;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.schedule.ReduceLROnPlateau;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps the schedules that follow a logged value, when an epoch and its validation are over. */
final class MonitoredSchedules {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  private final RunContext run;

  MonitoredSchedules(RunContext run) {
    this.run = run;
  }

  /** Returns the names of the values that schedules follow. */
  private static Set<String> monitors(RunState state) {
    return state.scheduled.stream()
        .map(OptimizerPlan.Scheduled::monitor)
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
    for (String monitor : monitors(run.state())) {
      Double value = logged.get(monitor);
      if (value != null) {
        known.put(monitor, value);
      }
    }
    return known;
  }

  /**
   * Steps those that are due.
   *
   * @param epochs how many epochs have been gone through, this one included
   * @param trained whether there were batches; else the epoch had ended when it was saved
   */
  void step(int epochs, boolean trained) {
    for (OptimizerPlan.Scheduled scheduled : run.state().scheduled) {
      if (scheduled.monitor().isEmpty()
          || epochs % scheduled.frequency() != 0
          || !(scheduled.scheduler() instanceof ReduceLROnPlateau scheduler)) {
        continue;
      }
      Double value = known(run).get(scheduled.monitor());
      if (value != null) {
        scheduler.step(value);
      } else if (trained) {
        throw notLogged(scheduled);
      } else {
        LOG.warn(
            "{} does not step for epoch {}: its \"{}\" was not known yet when the checkpoint was saved",
            scheduled.scheduler().getClass().getSimpleName(),
            epochs - 1,
            scheduled.monitor());
      }
    }
  }

  private FulgurException notLogged(OptimizerPlan.Scheduled scheduled) {
    Set<String> logged = new TreeMap<>(run.log().callbackMetrics()).keySet();
    return new FulgurException(
        ErrorId.MONITOR_NOT_FOUND,
        ("%s monitors \"%s\", which was not logged by the end of the epoch. Log it in a step or at the"
                + " end of validation; if it is not new in every epoch, set the frequency."
                + "\nLogged so far: %s.%s")
            .formatted(
                scheduled.scheduler().getClass().getSimpleName(),
                scheduled.monitor(),
                logged.isEmpty() ? "nothing" : String.join(", ", logged),
                Suggestions.didYouMean(scheduled.monitor(), logged)));
  }
}
