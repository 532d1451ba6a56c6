package io.fulgur.callback;

import io.fulgur.Trainer;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.error.Suggestions;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What callbacks may look at by name: everything logged, the epoch and the step.
 *
 * @since 0.1
 */
public final class MonitoredMetrics {
  /** The name of the epoch, unless a metric of this name was logged. */
  public static final String EPOCH = "epoch";

  /** The name of the optimizer steps so far, unless a metric of this name was logged. */
  public static final String STEP = "step";

  private MonitoredMetrics() {}

  /** Returns what was logged so far, the current epoch and the global step, in order of name. */
  public static Map<String, Double> of(Trainer trainer) {
    Map<String, Double> metrics = new TreeMap<>(trainer.callbackMetrics());
    metrics.putIfAbsent(EPOCH, (double) trainer.currentEpoch());
    metrics.putIfAbsent(STEP, (double) trainer.globalStep());
    return metrics;
  }

  /**
   * Makes the error of a metric that is not there: it lists what was logged, and what may have been
   * meant.
   *
   * @param what what went wrong, up to the list of what was logged
   */
  public static FulgurException notFound(
      ErrorId id, String what, String name, Map<String, Double> metrics) {
    Set<String> logged = new TreeSet<>(metrics.keySet());
    logged.remove(EPOCH);
    logged.remove(STEP);
    return new FulgurException(
        id,
        "%s\nLogged so far: %s.%s"
            .formatted(
                what,
                logged.isEmpty() ? "nothing" : String.join(", ", logged),
                Suggestions.didYouMean(name, logged)));
  }

  /** Makes the error of a callback whose monitored metric was never logged. */
  public static FulgurException monitorNotFound(
      String callback, String monitor, Map<String, Double> metrics) {
    return notFound(
        ErrorId.MONITOR_NOT_FOUND,
        "%s monitors \"%s\", which was never logged.".formatted(callback, monitor),
        monitor,
        metrics);
  }
}
