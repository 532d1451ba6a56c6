package io.fulgur.log;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Values by name, each at a place that stays, so that writing one at every step costs an array
 * store.
 */
final class MetricStore {
  private final Map<String, Integer> places = new HashMap<>();
  private String[] names = new String[16];
  private double[] values = new double[16];
  private boolean[] present = new boolean[16];
  private int size;

  /** Returns the place of a name, a new one if it has none. */
  int place(String name) {
    Integer known = places.get(name);
    if (known != null) {
      return known;
    }
    if (size == names.length) {
      names = Arrays.copyOf(names, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
      present = Arrays.copyOf(present, 2 * size);
    }
    names[size] = name;
    places.put(name, size);
    return size++;
  }

  void set(int place, double value) {
    values[place] = value;
    present[place] = true;
  }

  /** Forgets the values; places stay. */
  void clear() {
    Arrays.fill(present, false);
  }

  /** Makes this hold exactly what another holds. */
  void copyFrom(MetricStore other) {
    clear();
    other.toMap().forEach((name, value) -> set(place(name), value));
  }

  Map<String, Double> toMap() {
    Map<String, Double> map = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      if (present[i]) {
        map.put(names[i], values[i]);
      }
    }
    return Collections.unmodifiableMap(map);
  }
}
