package io.fulgur.hyperparameter;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings values to the few types that every file format has. */
final class PlainValues {
  private PlainValues() {}

  static boolean isSupported(@Nullable Object value) {
    try {
      of("", value);
      return true;
    } catch (FulgurException e) {
      return false;
    }
  }

  /**
   * Returns a value as text, truth value, long, double, null, or an unmodifiable list or map.
   *
   * @param path where the value stands, for messages
   */
  static @Nullable Object of(String path, @Nullable Object value) {
    if (value == null || value instanceof String || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Number number) {
      return number(path, number);
    }
    if (value instanceof Character || value instanceof Path || value instanceof Duration) {
      return value.toString();
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof Optional<?> optional) {
      return of(path, optional.orElse(null));
    }
    if (value instanceof Map<?, ?> map) {
      return map(path, map);
    }
    if (value instanceof Collection<?> collection) {
      return list(path, collection);
    }
    if (value.getClass().isArray()) {
      return list(path, elements(value));
    }
    if (value.getClass().isRecord()) {
      return record(path, value);
    }
    throw unsupported(path, value);
  }

  /** A float becomes the double that reads the same, so that a file says 0.1. */
  private static Object number(String path, Number number) {
    if (number instanceof Float) {
      return Double.parseDouble(number.toString());
    }
    if (number instanceof Double) {
      return number;
    }
    if (number instanceof Long
        || number instanceof Integer
        || number instanceof Short
        || number instanceof Byte) {
      return number.longValue();
    }
    throw unsupported(path, number);
  }

  private static Map<String, @Nullable Object> map(String path, Map<?, ?> map) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          String name = key instanceof Enum<?> constant ? constant.name() : String.valueOf(key);
          plain.put(name, of(path + "." + name, value));
        });
    return Collections.unmodifiableMap(plain);
  }

  private static List<@Nullable Object> list(String path, Collection<?> elements) {
    List<@Nullable Object> plain = new ArrayList<>(elements.size());
    for (Object element : elements) {
      plain.add(of(path + "[" + plain.size() + "]", element));
    }
    return Collections.unmodifiableList(plain);
  }

  private static List<@Nullable Object> elements(Object array) {
    List<@Nullable Object> elements = new ArrayList<>();
    for (int i = 0; i < Array.getLength(array); i++) {
      elements.add(Array.get(array, i));
    }
    return elements;
  }

  private static Map<String, @Nullable Object> record(String path, Object value) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      plain.put(
          component.getName(), of(path + "." + component.getName(), component(value, component)));
    }
    return Collections.unmodifiableMap(plain);
  }

  private static @Nullable Object component(Object value, RecordComponent component) {
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(value);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("A record's accessor is not accessible: " + component, e);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("A record's accessor failed: " + component, e.getCause());
    }
  }

  static void flatten(String name, @Nullable Object value, Map<String, @Nullable Object> flat) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach((key, inner) -> flatten(name + "/" + key, inner, flat));
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      for (int i = 0; i < list.size(); i++) {
        flatten(name + "/" + i, list.get(i), flat);
      }
    } else {
      flat.put(name, value);
    }
  }

  private static FulgurException unsupported(String path, Object value) {
    return new FulgurException(
        ErrorId.UNSUPPORTED_HYPERPARAMETER,
        "Hyperparameter \"%s\" is of type %s, which cannot be written to a checkpoint. Allowed are texts, truth values, numbers, enum constants, paths, durations, and records, lists, maps and arrays of them. Leave it out of what is saved and pass it again when loading."
            .formatted(path, value.getClass().getName()));
  }
}
