package io.fulgur.hyperparameter;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Brings plain values to the types that constructors take, exactly or not at all. */
final class ValueConverter {
  private ValueConverter() {}

  /**
   * Returns a value as a type.
   *
   * @param path where the value stands, for messages
   */
  static @Nullable Object convert(String path, @Nullable Object value, Type type) {
    Class<?> raw = rawClass(type);
    if (raw == Optional.class) {
      return Optional.ofNullable(value == null ? null : convert(path, value, argument(type, 0)));
    }
    if (value == null) {
      if (raw.isPrimitive()) {
        throw mismatch(path, null, type);
      }
      return null;
    }
    Object scalar = NumberConverter.convert(value, box(raw));
    if (scalar != null) {
      return scalar;
    }
    if (NumberConverter.isNumeric(box(raw))) {
      throw mismatch(path, value, type);
    }
    if (value instanceof String text) {
      return fromText(path, text, raw);
    }
    if (value instanceof Map<?, ?> map) {
      return fromMap(path, map, type, raw);
    }
    if (value instanceof List<?> list) {
      return fromList(path, list, type, raw);
    }
    if (box(raw).isInstance(value)) {
      return value;
    }
    throw mismatch(path, value, type);
  }

  private static Object fromText(String path, String text, Class<?> raw) {
    if (raw.isAssignableFrom(String.class)) {
      return text;
    }
    try {
      if (raw == Path.class) {
        return Path.of(text);
      }
      if (raw == Duration.class) {
        return Duration.parse(text);
      }
    } catch (InvalidPathException | DateTimeParseException e) {
      throw mismatch(path, text, raw);
    }
    if ((raw == char.class || raw == Character.class) && text.length() == 1) {
      return text.charAt(0);
    }
    if ((raw == boolean.class || raw == Boolean.class)
        && (text.equals("true") || text.equals("false"))) {
      return text.equals("true");
    }
    if (raw.isEnum()) {
      for (Object constant : raw.getEnumConstants()) {
        if (((Enum<?>) constant).name().equalsIgnoreCase(text)) {
          return constant;
        }
      }
    }
    throw mismatch(path, text, raw);
  }

  private static Object fromMap(String path, Map<?, ?> map, Type type, Class<?> raw) {
    if (raw.isRecord()) {
      return RecordConverter.convert(path, map, raw);
    }
    if (!raw.isAssignableFrom(Map.class)) {
      throw mismatch(path, map, type);
    }
    Map<@Nullable Object, @Nullable Object> converted = new LinkedHashMap<>();
    map.forEach(
        (key, value) ->
            converted.put(
                convert(path + "." + key, key, argument(type, 0)),
                convert(path + "." + key, value, argument(type, 1))));
    return Collections.unmodifiableMap(converted);
  }

  private static Object fromList(String path, List<?> list, Type type, Class<?> raw) {
    if (raw.isArray()) {
      return toArray(path, list, type, raw);
    }
    boolean set = raw == Set.class;
    if (!set && !raw.isAssignableFrom(List.class)) {
      throw mismatch(path, list, type);
    }
    Collection<@Nullable Object> converted = set ? new LinkedHashSet<>() : new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      converted.add(convert(path + "[" + i + "]", list.get(i), argument(type, 0)));
    }
    return set
        ? Collections.unmodifiableSet((Set<?>) converted)
        : Collections.unmodifiableList((List<?>) converted);
  }

  private static Object toArray(String path, List<?> list, Type type, Class<?> raw) {
    Type element =
        type instanceof GenericArrayType generic
            ? generic.getGenericComponentType()
            : raw.getComponentType();
    Object array = Array.newInstance(raw.getComponentType(), list.size());
    for (int i = 0; i < list.size(); i++) {
      Array.set(array, i, convert(path + "[" + i + "]", list.get(i), element));
    }
    return array;
  }

  /** Returns a type argument; a raw type takes anything. */
  private static Type argument(Type type, int index) {
    return type instanceof ParameterizedType parameterized
        ? parameterized
            .getActualTypeArguments()[
            Math.min(index, parameterized.getActualTypeArguments().length - 1)]
        : Object.class;
  }

  static Class<?> rawClass(Type type) {
    if (type instanceof Class<?> plain) {
      return plain;
    }
    if (type instanceof ParameterizedType parameterized) {
      return rawClass(parameterized.getRawType());
    }
    if (type instanceof WildcardType wildcard) {
      return rawClass(wildcard.getUpperBounds()[0]);
    }
    if (type instanceof TypeVariable<?> variable) {
      return rawClass(variable.getBounds()[0]);
    }
    return rawClass(((GenericArrayType) type).getGenericComponentType()).arrayType();
  }

  @SuppressWarnings("unchecked") // int.class and Integer.class are both Class<Integer>.
  static <T> Class<T> box(Class<T> type) {
    return type.isPrimitive()
        ? (Class<T>) Array.get(Array.newInstance(type, 1), 0).getClass()
        : type;
  }

  static FulgurException mismatch(String path, @Nullable Object value, Type type) {
    Class<?> raw = rawClass(type);
    String allowed =
        raw.isEnum()
            ? "one of "
                + String.join(
                    ", ",
                    Arrays.stream(raw.getEnumConstants())
                        .map(constant -> ((Enum<?>) constant).name())
                        .toList())
            : type.getTypeName();
    return new FulgurException(
        ErrorId.HYPERPARAMETER_MISMATCH,
        "Hyperparameter \"%s\" is %s, but must be %s.".formatted(path, describe(value), allowed));
  }

  private static String describe(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    String kind =
        value instanceof String
            ? "text"
            : value instanceof Boolean
                ? "truth value"
                : value instanceof Number ? "number" : value instanceof Map<?, ?> ? "map" : "list";
    return "the %s %s".formatted(kind, value instanceof String ? "\"" + value + "\"" : value);
  }
}
