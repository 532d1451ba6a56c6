package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A primitive Java array with a shape: what data workers handle in place of tensors.
 *
 * <p>The array is not copied, neither by the factories nor by the accessors, so that data sets over
 * large arrays cost no second copy. Elements lie row-major.
 *
 * @since 0.1
 */
public final class HostArray {
  private final DType dtype;
  private final Shape shape;
  private final Object values;

  /** Wraps a primitive array whose length is that of the shape, which the caller has checked. */
  HostArray(DType dtype, Shape shape, Object values) {
    this.dtype = dtype;
    this.shape = shape;
    this.values = values;
  }

  private static HostArray wrap(DType dtype, Object values, int length, long[] sizes) {
    Shape shape = sizes.length == 0 ? Shape.of(length) : Shape.of(sizes);
    if (shape.elements() != length) {
      throw new FulgurException(
          ErrorId.SHAPE_MISMATCH,
          ("Shape %s has %d elements, but %d values were given. Make the product of the sizes "
                  + "equal to the number of values.")
              .formatted(shape, shape.elements(), length));
    }
    return new HostArray(dtype, shape, values);
  }

  /** Wraps values as {@link DType#F32}; without sizes the shape is {@code [values.length]}. */
  public static HostArray of(float[] values, long... shape) {
    return wrap(DType.F32, values, values.length, shape);
  }

  /** Wraps values as {@link DType#F64}; without sizes the shape is {@code [values.length]}. */
  public static HostArray of(double[] values, long... shape) {
    return wrap(DType.F64, values, values.length, shape);
  }

  /** Wraps values as {@link DType#I64}; without sizes the shape is {@code [values.length]}. */
  public static HostArray of(long[] values, long... shape) {
    return wrap(DType.I64, values, values.length, shape);
  }

  /** Wraps values as {@link DType#I32}; without sizes the shape is {@code [values.length]}. */
  public static HostArray of(int[] values, long... shape) {
    return wrap(DType.I32, values, values.length, shape);
  }

  /** Wraps values as {@link DType#U8}; without sizes the shape is {@code [values.length]}. */
  public static HostArray of(byte[] values, long... shape) {
    return wrap(DType.U8, values, values.length, shape);
  }

  /** Wraps values as {@link DType#BOOL}; without sizes the shape is {@code [values.length]}. */
  public static HostArray of(boolean[] values, long... shape) {
    return wrap(DType.BOOL, values, values.length, shape);
  }

  /** Makes a scalar of {@link DType#I64}, the type of labels. */
  public static HostArray scalar(long value) {
    return new HostArray(DType.I64, Shape.SCALAR, new long[] {value});
  }

  /** Makes a scalar of {@link DType#F32}. */
  public static HostArray scalar(float value) {
    return new HostArray(DType.F32, Shape.SCALAR, new float[] {value});
  }

  /** Makes a scalar of {@link DType#F64}. */
  public static HostArray scalar(double value) {
    return new HostArray(DType.F64, Shape.SCALAR, new double[] {value});
  }

  /** Makes a scalar of {@link DType#BOOL}. */
  public static HostArray scalar(boolean value) {
    return new HostArray(DType.BOOL, Shape.SCALAR, new boolean[] {value});
  }

  /** Returns the element type. */
  public DType dtype() {
    return dtype;
  }

  /** Returns the shape. */
  public Shape shape() {
    return shape;
  }

  /** Returns the number of elements. */
  public int elements() {
    return (int) shape.elements();
  }

  /** Returns the array itself, which must be of {@link DType#F32}. */
  public float[] floats() {
    return (float[]) typed(DType.F32);
  }

  /** Returns the array itself, which must be of {@link DType#F64}. */
  public double[] doubles() {
    return (double[]) typed(DType.F64);
  }

  /** Returns the array itself, which must be of {@link DType#I64}. */
  public long[] longs() {
    return (long[]) typed(DType.I64);
  }

  /** Returns the array itself, which must be of {@link DType#I32}. */
  public int[] ints() {
    return (int[]) typed(DType.I32);
  }

  /** Returns the array itself, which must be of {@link DType#U8}; an element is 0 to 255. */
  public byte[] bytes() {
    return (byte[]) typed(DType.U8);
  }

  /** Returns the array itself, which must be of {@link DType#BOOL}. */
  public boolean[] booleans() {
    return (boolean[]) typed(DType.BOOL);
  }

  private Object typed(DType asked) {
    if (dtype != asked) {
      throw new FulgurException(
          ErrorId.DTYPE_MISMATCH,
          ("An array of %s%s was read as %s. Use the accessor of its type, or toFloatArray() "
                  + "or toDoubleArray(), which convert.")
              .formatted(dtype, shape, asked));
    }
    return values;
  }

  /**
   * Returns one element as a number; truth values are 0 and 1, and {@link DType#U8} is unsigned.
   */
  public double get(int index) {
    return switch (dtype) {
      case F32 -> ((float[]) values)[index];
      case F64 -> ((double[]) values)[index];
      case I64 -> ((long[]) values)[index];
      case I32 -> ((int[]) values)[index];
      case U8 -> ((byte[]) values)[index] & 0xFF;
      case BOOL -> ((boolean[]) values)[index] ? 1 : 0;
      case BF16, F16 -> throw new AssertionError(dtype);
    };
  }

  /** Returns a copy of the elements as float. */
  public float[] toFloatArray() {
    float[] copy = new float[elements()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = (float) get(i);
    }
    return copy;
  }

  /** Returns a copy of the elements as double. */
  public double[] toDoubleArray() {
    double[] copy = new double[elements()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = get(i);
    }
    return copy;
  }

  /** Makes a tensor with these values; on the training thread only. */
  public Tensor toTensor() {
    long[] sizes = shape.toArray();
    return switch (dtype) {
      case F32 -> Tensor.of((float[]) values, sizes);
      case F64 -> Tensor.of((double[]) values, sizes);
      case I64 -> Tensor.of((long[]) values, sizes);
      case I32 -> Tensor.of((int[]) values, sizes);
      case U8 -> Tensor.of((byte[]) values, sizes);
      case BOOL -> Tensor.of((boolean[]) values, sizes);
      case BF16, F16 -> throw new AssertionError(dtype);
    };
  }

  /** Returns the primitive array, whatever its type. */
  Object values() {
    return values;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof HostArray that
            && dtype == that.dtype
            && shape.equals(that.shape)
            && Objects.deepEquals(values, that.values));
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(new Object[] {dtype, shape, values});
  }

  /** Returns e.g. {@code F32[8, 32]}. */
  @Override
  public String toString() {
    return dtype + shape.toString();
  }
}
