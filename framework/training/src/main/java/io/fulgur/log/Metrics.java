package io.fulgur.log;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Some values by name: what a {@link Logger} receives. Names are unique; their order is that of the
 * first time each was logged.
 *
 * <p>Compact and reused, so that a step makes no garbage: valid only during the call that passes
 * it. {@link #toMap()} copies.
 *
 * @since 0.1
 */
public interface Metrics {
  /** Returns the number of values. */
  int size();

  /** Returns a name. The same metric has the identical {@code String} in every call of a run. */
  String name(int index);

  /** Returns a value. */
  double value(int index);

  /** Returns a copy. */
  default Map<String, Double> toMap() {
    Map<String, Double> map = new LinkedHashMap<>();
    for (int i = 0; i < size(); i++) {
      map.put(name(i), value(i));
    }
    return Collections.unmodifiableMap(map);
  }

  /** Returns values by name that stay. */
  static Metrics of(Map<String, Double> values) {
    String[] names = values.keySet().toArray(String[]::new);
    double[] copy = values.values().stream().mapToDouble(Double::doubleValue).toArray();
    return new Metrics() {
      @Override
      public int size() {
        return names.length;
      }

      @Override
      public String name(int index) {
        return names[index];
      }

      @Override
      public double value(int index) {
        return copy[index];
      }
    };
  }
}
