package io.fulgur.hyperparameter;

import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Numbers to the types of Java without losing any of their value, except to the nearest float. */
final class NumberConverter {
  private static final Set<Class<?>> TYPES =
      Set.of(Byte.class, Short.class, Integer.class, Long.class, Float.class, Double.class);

  private NumberConverter() {}

  static boolean isNumeric(Class<?> type) {
    return TYPES.contains(type);
  }

  /** Returns a number or the number that a text stands for, or null if it does not fit the type. */
  static @Nullable Object convert(Object value, Class<?> type) {
    if (!isNumeric(type) || !(value instanceof Number || value instanceof String)) {
      return null;
    }
    try {
      if (type == Double.class) {
        return toDouble(value);
      }
      if (type == Float.class) {
        return toFloat(value);
      }
      BigDecimal exact = new BigDecimal(value.toString());
      if (type == Long.class) {
        return exact.longValueExact();
      }
      if (type == Integer.class) {
        return exact.intValueExact();
      }
      if (type == Short.class) {
        return exact.shortValueExact();
      }
      return exact.byteValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Object toDouble(Object value) {
    double number = Double.parseDouble(value.toString());
    return Double.isInfinite(number) && !isInfinity(value) ? null : (Object) number;
  }

  private static @Nullable Object toFloat(Object value) {
    float number = Float.parseFloat(value.toString());
    return Float.isInfinite(number) && !isInfinity(value) ? null : (Object) number;
  }

  /** Tells infinity, which Java and our files write in full, from a number that is too large. */
  private static boolean isInfinity(Object value) {
    return value.toString().endsWith("Infinity");
  }
}
