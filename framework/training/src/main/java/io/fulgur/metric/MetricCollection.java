package io.fulgur.metric;

import io.fulgur.checkpoint.State;
import io.fulgur.data.HostArray;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Metrics by name that are given the same predictions and targets.
 *
 * <pre>{@code
 * private final MetricCollection metrics =
 *     MetricCollection.of("acc", Accuracy.multiclass(10), "auroc", Auroc.multiclass(10));
 * private final MetricCollection valMetrics = metrics.withPrefix("val_");
 *
 * logAll(valMetrics.update(logits, labels)); // val_acc and val_auroc
 * }</pre>
 *
 * @since 0.1
 */
public final class MetricCollection implements PredictionMetric {
  private final Map<String, PredictionMetric> metrics;

  private MetricCollection(Map<String, PredictionMetric> metrics) {
    this.metrics = Collections.unmodifiableMap(metrics);
  }

  /**
   * Returns metrics by name, in the map's order.
   *
   * @throws FulgurException if there is none, or one is there twice
   */
  public static MetricCollection of(Map<String, ? extends PredictionMetric> metrics) {
    Map<String, PredictionMetric> copy = new LinkedHashMap<>(metrics);
    MetricErrors.requireOption(
        !copy.isEmpty(), "MetricCollection", "metrics", "empty", "at least one");
    MetricErrors.requireOption(
        copy.values().stream().distinct().count() == copy.size(),
        "MetricCollection",
        "metrics",
        copy.keySet() + ", of which two are the same object",
        "different objects, as a batch would count twice");
    return new MetricCollection(copy);
  }

  /** Returns two metrics by name. */
  public static MetricCollection of(
      String name1, PredictionMetric metric1, String name2, PredictionMetric metric2) {
    return of(ordered(name1, metric1, name2, metric2));
  }

  /** Returns three metrics by name. */
  public static MetricCollection of(
      String name1,
      PredictionMetric metric1,
      String name2,
      PredictionMetric metric2,
      String name3,
      PredictionMetric metric3) {
    Map<String, PredictionMetric> all = ordered(name1, metric1, name2, metric2);
    all.put(name3, metric3);
    return of(all);
  }

  private static Map<String, PredictionMetric> ordered(
      String name1, PredictionMetric metric1, String name2, PredictionMetric metric2) {
    Map<String, PredictionMetric> all = new LinkedHashMap<>();
    all.put(name1, metric1);
    all.put(name2, metric2);
    return all;
  }

  /** Returns empty metrics of the same options, with something in front of each name. */
  public MetricCollection withPrefix(String prefix) {
    Map<String, PredictionMetric> copies = new LinkedHashMap<>();
    metrics.forEach((name, metric) -> copies.put(prefix + name, metric.emptyCopy()));
    return new MetricCollection(copies);
  }

  /** Returns the metrics by name. */
  public Map<String, PredictionMetric> metrics() {
    return metrics;
  }

  /**
   * Returns a metric.
   *
   * @param type its class
   * @throws FulgurException if there is none of this name and class
   */
  public <T extends PredictionMetric> T get(String name, Class<T> type) {
    PredictionMetric metric = metrics.get(name);
    if (!type.isInstance(metric)) {
      throw new FulgurException(
          ErrorId.UNKNOWN_NAME,
          "The collection has no %s of the name \"%s\". It has: %s."
              .formatted(type.getSimpleName(), name, metrics));
    }
    return type.cast(metric);
  }

  @Override
  public MetricCollection update(Tensor predictions, Tensor targets) {
    for (PredictionMetric metric : metrics.values()) {
      metric.update(predictions, targets);
    }
    return this;
  }

  @Override
  public MetricCollection update(HostArray predictions, HostArray targets) {
    for (PredictionMetric metric : metrics.values()) {
      metric.update(predictions, targets);
    }
    return this;
  }

  /** Returns the value of each metric that has a single one. */
  public Map<String, Double> compute() {
    Map<String, Double> values = new LinkedHashMap<>();
    metrics.forEach(
        (name, metric) -> {
          if (metric instanceof ScalarMetric scalar) {
            values.put(name, scalar.compute());
          }
        });
    return Collections.unmodifiableMap(values);
  }

  @Override
  public void reset() {
    metrics.values().forEach(Metric::reset);
  }

  @Override
  public void merge(Metric other) {
    if (!(other instanceof MetricCollection that)
        || that == this
        || !that.metrics.keySet().equals(metrics.keySet())) {
      throw MetricErrors.cannotMerge(this, other);
    }
    metrics.forEach((name, metric) -> metric.merge(that.get(name, PredictionMetric.class)));
  }

  @Override
  public MetricCollection emptyCopy() {
    return withPrefix("");
  }

  @Override
  public State state() {
    State.Builder state = State.builder();
    metrics.forEach((name, metric) -> state.child(name, metric.state()));
    return state.build();
  }

  @Override
  public void loadState(State state) {
    metrics.forEach((name, metric) -> metric.loadState(state.child(name)));
  }

  /** Returns the metrics by name. */
  @Override
  public String toString() {
    return "MetricCollection " + metrics;
  }
}
