package io.fulgur.log;

import java.util.HashMap;
import java.util.Map;

/** Metrics with a prefix before each name but that of the epoch, which is an axis; reused. */
final class PrefixedMetrics implements Metrics {
  private static final String SEPARATOR = "-";

  private final String prefix;
  private final Map<String, String> names = new HashMap<>();
  private Metrics inner = Metrics.of(Map.of());

  PrefixedMetrics(String prefix) {
    this.prefix = prefix;
  }

  /** Returns metrics under this prefix, valid until the next call; themselves if it is empty. */
  Metrics of(Metrics metrics) {
    if (prefix.isEmpty()) {
      return metrics;
    }
    inner = metrics;
    return this;
  }

  @Override
  public int size() {
    return inner.size();
  }

  @Override
  public String name(int index) {
    return names.computeIfAbsent(inner.name(index), this::prefixed);
  }

  private String prefixed(String name) {
    return name.equals(OutgoingMetrics.EPOCH) ? name : prefix + SEPARATOR + name;
  }

  @Override
  public double value(int index) {
    return inner.value(index);
  }
}
