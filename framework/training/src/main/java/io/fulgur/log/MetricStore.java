package io.fulgur.log;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values by name, each at a place that stays, so that writing one at every step costs an array
 * store. A value that is dear to read is read when somebody asks for it.
 */
final class MetricStore {
  private final Map<String, Integer> places = new HashMap<>();
  private String[] names = new String[16];
  private double[] values = new double[16];
  private boolean[] present = new boolean[16];

  /** Who knows the value at a place; null where {@link #values} holds it. */
  private @Nullable LoggedValue[] sources = new @Nullable LoggedValue[16];

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
      sources = Arrays.copyOf(sources, 2 * size);
    }
    names[size] = name;
    places.put(name, size);
    return size++;
  }

  /** Returns the name at a place. */
  String name(int place) {
    return names[place];
  }

  void set(int place, double value) {
    values[place] = value;
    sources[place] = null;
    present[place] = true;
  }

  /** Sets the newest value of a step, which is read now only if that is cheap. */
  void setLatest(int place, LoggedValue source) {
    if (source.isLatestRead()) {
      set(place, source.latest());
    } else {
      sources[place] = source;
      present[place] = true;
    }
  }

  /** Forgets the values; places stay. */
  void clear() {
    Arrays.fill(present, false);
    Arrays.fill(sources, null);
  }

  Map<String, Double> toMap() {
    Map<String, Double> map = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      if (present[i]) {
        LoggedValue source = sources[i];
        if (source != null) {
          set(i, source.latest());
        }
        map.put(names[i], values[i]);
      }
    }
    return Collections.unmodifiableMap(map);
  }
}
