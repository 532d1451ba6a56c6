package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One item of a data set: plain Java values by name, in the order in which they were given.
 * Immutable, except that the arrays are not copied.
 *
 * <pre>{@code
 * Sample.of("image", pixels, 28, 28).with("label", 3)
 * }</pre>
 *
 * @since 0.1
 */
public final class Sample {
  private final Map<String, HostArray> values;

  private Sample(Map<String, HostArray> values) {
    this.values = values;
  }

  /** Makes a sample with one value. */
  public static Sample of(String name, HostArray value) {
    return new Sample(Collections.singletonMap(name, value));
  }

  /** Makes a sample with one array; without sizes the shape is {@code [values.length]}. */
  public static Sample of(String name, float[] values, long... shape) {
    return of(name, HostArray.of(values, shape));
  }

  /** Makes a sample with one integer, of type I64. */
  public static Sample of(String name, long value) {
    return of(name, HostArray.scalar(value));
  }

  /** Makes a sample of these values, in the order of the map. */
  public static Sample of(Map<String, HostArray> values) {
    if (values.isEmpty()) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT, "A sample has no values. Give it at least one by name.");
    }
    return new Sample(Collections.unmodifiableMap(new LinkedHashMap<>(values)));
  }

  /** Returns this sample with a value added, or replaced if the name is known. */
  public Sample with(String name, HostArray value) {
    Map<String, HostArray> copy = new LinkedHashMap<>(values);
    copy.put(name, value);
    return new Sample(Collections.unmodifiableMap(copy));
  }

  /**
   * Returns this sample with an array added; without sizes the shape is {@code [values.length]}.
   */
  public Sample with(String name, float[] values, long... shape) {
    return with(name, HostArray.of(values, shape));
  }

  /** Returns this sample with an integer added, of type I64 as labels are. */
  public Sample with(String name, long value) {
    return with(name, HostArray.scalar(value));
  }

  /** Returns this sample with a number of type F32 added. */
  public Sample with(String name, float value) {
    return with(name, HostArray.scalar(value));
  }

  /** Returns this sample with a number of type F64 added; write {@code 0.5f} for F32. */
  public Sample with(String name, double value) {
    return with(name, HostArray.scalar(value));
  }

  /** Returns this sample with a truth value added. */
  public Sample with(String name, boolean value) {
    return with(name, HostArray.scalar(value));
  }

  /**
   * Returns a value.
   *
   * @throws FulgurException if there is none of this name; the message lists those there are
   */
  public HostArray get(String name) {
    HostArray value = values.get(name);
    if (value == null) {
      throw Names.unknown("Sample", name, values.keySet());
    }
    return value;
  }

  /** Returns whether there is a value of this name. */
  public boolean contains(String name) {
    return values.containsKey(name);
  }

  /** Returns the names in their order. */
  public Set<String> names() {
    return values.keySet();
  }

  /** Returns the values by name. */
  public Map<String, HostArray> values() {
    return values;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Sample that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** Returns e.g. {@code {image=F32[28, 28], label=I64[]}}. */
  @Override
  public String toString() {
    return values.toString();
  }
}
