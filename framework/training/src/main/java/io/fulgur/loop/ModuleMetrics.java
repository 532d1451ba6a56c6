package io.fulgur.loop;

import io.fulgur.checkpoint.State;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.log.LogConnector;
import io.fulgur.metric.Metric;
import io.fulgur.metric.MetricCollection;
import io.fulgur.module.FulgurModule;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The metrics that fields of a module hold, also within lists, maps, collections and submodules, by
 * name. Looked up anew where one is not known, as fields may change.
 */
final class ModuleMetrics {
  private static final String METRICS = "metrics";
  private static final String TRAINING = "training";

  private final FulgurModule module;
  private Map<String, Metric> byName = Map.of();
  private Metric[] marked = {};
  private final IdentityHashMap<Metric, String> names = new IdentityHashMap<>();

  ModuleMetrics(FulgurModule module) {
    this.module = module;
  }

  private void find() {
    Map<String, Metric> found = new LinkedHashMap<>();
    module.namedMembers(Metric.class).forEach((name, metric) -> collect(found, name, metric));
    byName = Collections.unmodifiableMap(found);
    names.clear();
    found.forEach((name, metric) -> names.putIfAbsent(metric, name));
  }

  private static void collect(Map<String, Metric> found, String name, Metric metric) {
    if (metric instanceof MetricCollection collection) {
      collection.metrics().forEach((inner, each) -> collect(found, name + "." + inner, each));
    } else {
      found.put(name, metric);
    }
  }

  /**
   * Checks that a metric is the module's.
   *
   * @throws FulgurException if no field holds it, as it then would be in no checkpoint
   */
  void require(String name, Metric metric) {
    if (!names.containsKey(metric)) {
      find();
    }
    if (!names.containsKey(metric)) {
      throw new FulgurException(
          ErrorId.INVALID_LOGGED_VALUE,
          "\"%s\" was logged with a %s that no field of %s holds, so that checkpoints would be without it. Keep it in a field; the module has: %s."
              .formatted(
                  name,
                  metric.getClass().getSimpleName(),
                  module.getClass().getSimpleName(),
                  byName.isEmpty() ? "none" : String.join(", ", byName.keySet())));
    }
  }

  /** Looks which metrics are to be marked from now on. */
  void beginEpoch() {
    find();
    marked = names.keySet().toArray(Metric[]::new);
  }

  /** Remembers what the metrics have gathered. */
  void mark() {
    for (Metric metric : marked) {
      metric.mark();
    }
  }

  /** Returns what the metrics have gathered by now, also when they go on. */
  IdentityHashMap<Metric, State> copies() {
    find();
    IdentityHashMap<Metric, State> copies = new IdentityHashMap<>();
    names.keySet().forEach(metric -> copies.put(metric, metric.state().keep()));
    return copies;
  }

  /** Returns what the metrics have gathered, and what was logged of the training epoch. */
  State state(LogConnector log, RestartPoint restart) {
    find();
    State.Builder metrics = State.builder();
    byName.forEach(
        (name, metric) -> {
          State before = restart.gathered(metric);
          Metric now = log.isOver(metric) ? metric.emptyCopy() : metric;
          metrics.child(name, before == null ? now.state() : before);
        });
    return State.builder()
        .child(METRICS, metrics.build())
        .child(TRAINING, log.trainingState(names::get, restart.isWithinTraining()))
        .build();
  }

  /** Does something that updates the metrics, and puts them back to what they were. */
  void unchangedBy(Runnable action) {
    find();
    Map<String, Metric> before = new LinkedHashMap<>();
    byName.forEach(
        (name, metric) -> {
          Metric copy = metric.emptyCopy();
          copy.merge(metric);
          before.put(name, copy);
        });
    action.run();
    byName.forEach(
        (name, metric) -> {
          metric.reset();
          Metric copy = before.get(name);
          if (copy != null) {
            metric.merge(copy);
          }
        });
  }

  /** Goes on with a state; metrics that it knows nothing of stay as they are. */
  void load(State saved, LogConnector log) {
    find();
    State metrics = saved.child(METRICS);
    byName.forEach(
        (name, metric) -> {
          if (metrics.hasChild(name)) {
            metric.loadState(metrics.child(name));
          }
        });
    log.loadTrainingState(saved.child(TRAINING), byName);
  }
}
