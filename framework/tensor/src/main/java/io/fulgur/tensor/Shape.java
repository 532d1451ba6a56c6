package io.fulgur.tensor;

import java.util.Arrays;

/**
 * Sizes of a tensor's dimensions, outermost first. Immutable.
 *
 * <p>A scalar has rank 0. A size may be 0. Dimensions may be counted from the end: {@code size(-1)}
 * is the last.
 *
 * @since 0.1
 */
public final class Shape {
  /** The shape of a scalar, {@code []}. */
  public static final Shape SCALAR = new Shape(new long[0]);

  private final long[] sizes;
  private final long elements;

  private Shape(long[] sizes) {
    this.sizes = sizes;
    long product = 1;
    for (long size : sizes) {
      if (size < 0) {
        throw ShapeException.invalid("A shape has no negative sizes, but got " + format(sizes));
      }
      product = Math.multiplyExact(product, size);
    }
    this.elements = product;
  }

  /** Returns the shape of these sizes. */
  public static Shape of(long... sizes) {
    return sizes.length == 0 ? SCALAR : new Shape(sizes.clone());
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return sizes.length;
  }

  /**
   * Returns the size of a dimension.
   *
   * @param dim the dimension, from {@code -rank} to {@code rank - 1}
   * @throws ShapeException if there is no such dimension
   */
  public long size(int dim) {
    return sizes[axis(dim)];
  }

  /** Returns the number of elements: the product of all sizes, 1 for a scalar. */
  public long elements() {
    return elements;
  }

  /** Returns a copy of the sizes. */
  public long[] toArray() {
    return sizes.clone();
  }

  /**
   * Returns a dimension counted from the front.
   *
   * @param dim the dimension, from {@code -rank} to {@code rank - 1}
   * @throws ShapeException if there is no such dimension
   */
  public int axis(int dim) {
    int axis = dim < 0 ? dim + sizes.length : dim;
    if (axis < 0 || axis >= sizes.length) {
      throw ShapeException.invalid(
          "Dimension " + dim + " does not exist in shape " + this + " of rank " + sizes.length);
    }
    return axis;
  }

  /** Returns the strides, in elements, of a row-major tensor of this shape. */
  public long[] contiguousStrides() {
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= Math.max(sizes[i], 1);
    }
    return strides;
  }

  /** Returns this shape with one size replaced. */
  public Shape withSize(int dim, long size) {
    long[] copy = sizes.clone();
    copy[axis(dim)] = size;
    return new Shape(copy);
  }

  /** Returns this shape without one dimension. */
  public Shape without(int dim) {
    int axis = axis(dim);
    long[] copy = new long[sizes.length - 1];
    System.arraycopy(sizes, 0, copy, 0, axis);
    System.arraycopy(sizes, axis + 1, copy, axis, copy.length - axis);
    return new Shape(copy);
  }

  /** Returns this shape with a dimension inserted before {@code axis}, which may equal the rank. */
  public Shape inserted(int axis, long size) {
    long[] copy = new long[sizes.length + 1];
    System.arraycopy(sizes, 0, copy, 0, axis);
    copy[axis] = size;
    System.arraycopy(sizes, axis, copy, axis + 1, sizes.length - axis);
    return new Shape(copy);
  }

  /**
   * Returns the common shape of two operands by NumPy's rules: aligned at the last dimension, sizes
   * must be equal or one of them 1.
   *
   * @throws ShapeException if the shapes do not broadcast
   */
  public static Shape broadcast(String operator, Shape a, Shape b) {
    if (a.equals(b)) {
      return a;
    }
    int rank = Math.max(a.rank(), b.rank());
    long[] out = new long[rank];
    for (int i = 1; i <= rank; i++) {
      long x = i <= a.rank() ? a.sizes[a.rank() - i] : 1;
      long y = i <= b.rank() ? b.sizes[b.rank() - i] : 1;
      if (x != y && x != 1 && y != 1) {
        throw ShapeException.mismatch(
            operator,
            "sizes "
                + x
                + " and "
                + y
                + " at dimension "
                + (rank - i)
                + " do not broadcast;"
                + " they must be equal or one of them 1",
            a,
            b);
      }
      out[rank - i] = x == 1 ? y : x;
    }
    return new Shape(out);
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof Shape that && Arrays.equals(sizes, that.sizes));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  /** Returns e.g. {@code [8, 32]}. */
  @Override
  public String toString() {
    return format(sizes);
  }

  private static String format(long[] sizes) {
    return Arrays.toString(sizes);
  }
}
