package io.fulgur.testkit;

import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.log.Logger;
import io.fulgur.log.Metrics;
import io.fulgur.log.RunStatus;
import io.fulgur.profile.StepTimes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A logger that keeps everything in memory. It may be asked by any thread; what was logged last is
 * there for certain only when the run is over.
 *
 * @since 0.1
 */
public final class RecordingLogger implements Logger {
  /**
   * One lot of values that was logged.
   *
   * @param step where it belongs on the x axis
   * @param values the values by name
   * @since 0.1
   */
  public record Entry(long step, Map<String, Double> values) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<Entry> times = new ArrayList<>();
  private final List<RunStatus> finished = new ArrayList<>();
  private @Nullable Hyperparameters hyperparameters;

  /** Makes a logger without entries. */
  public RecordingLogger() {}

  /**
   * Returns everything that was logged by somebody, in order: without the times that the trainer
   * adds, which differ from run to run.
   */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** Returns the entries that hold a name. */
  public List<Entry> entries(String name) {
    return entries().stream().filter(entry -> entry.values().containsKey(name)).toList();
  }

  /** Returns the times that the trainer has logged, see {@link StepTimes}, in order. */
  public synchronized List<Entry> times() {
    return List.copyOf(times);
  }

  /** Returns how each run has ended. */
  public synchronized List<RunStatus> finished() {
    return List.copyOf(finished);
  }

  /** Returns the hyperparameters of the last run; null before the first. */
  public synchronized @Nullable Hyperparameters hyperparameters() {
    return hyperparameters;
  }

  @Override
  public synchronized void logMetrics(Metrics metrics, long step) {
    Map<String, Double> logged = new LinkedHashMap<>(metrics.toMap());
    Map<String, Double> measured = new LinkedHashMap<>(logged);
    measured.keySet().retainAll(StepTimes.NAMES);
    logged.keySet().removeAll(StepTimes.NAMES);
    if (!measured.isEmpty()) {
      times.add(new Entry(step, measured));
    }
    if (measured.isEmpty() || !logged.keySet().equals(Set.of("epoch"))) {
      entries.add(new Entry(step, logged));
    }
  }

  @Override
  public synchronized void logHyperparameters(Hyperparameters values) {
    hyperparameters = values;
  }

  @Override
  public synchronized void finish(RunStatus status) {
    finished.add(status);
  }

  @Override
  public String name() {
    return "recording";
  }

  @Override
  public String version() {
    return "version_0";
  }
}
