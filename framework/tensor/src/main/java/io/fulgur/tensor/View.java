package io.fulgur.tensor;

import java.util.Arrays;

/**
 * A strided window on a {@link Storage}: what a kernel reads or writes. Immutable.
 *
 * <p>Element {@code [i, j]} is at {@code offset + i * strides[0] + j * strides[1]}, in elements.
 *
 * @since 0.1
 */
public final class View {
  private final Storage storage;
  private final long offset;
  private final Shape shape;
  private final long[] strides;
  private final boolean contiguous;

  private View(Storage storage, long offset, Shape shape, long[] strides) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
    this.contiguous = isRowMajor(shape, strides);
  }

  /** Returns a row-major view that starts {@code offset} elements into the storage. */
  public static View contiguous(Storage storage, long offset, Shape shape) {
    return new View(storage, offset, shape, shape.contiguousStrides());
  }

  /** Returns a view with any strides, which are not copied. */
  static View strided(Storage storage, long offset, Shape shape, long[] strides) {
    return new View(storage, offset, shape, strides);
  }

  /** Returns the memory looked at. */
  public Storage storage() {
    return storage;
  }

  /** Returns the first element's place in the storage, in elements. */
  public long offset() {
    return offset;
  }

  /** Returns the shape. */
  public Shape shape() {
    return shape;
  }

  /** Returns the element type. */
  public DType dtype() {
    return storage.dtype();
  }

  /** Returns the number of elements. */
  public long elements() {
    return shape.elements();
  }

  /** Returns the stride of a dimension counted from the front, in elements. */
  public long stride(int axis) {
    return strides[axis];
  }

  /** Returns a copy of the strides, in elements. */
  public long[] strides() {
    return strides.clone();
  }

  /** Returns whether the elements lie row-major without gaps. */
  public boolean isContiguous() {
    return contiguous;
  }

  /** Returns whether another view reads the same elements of the same memory in the same order. */
  boolean sameMemory(View that) {
    return storage == that.storage
        && offset == that.offset
        && shape.equals(that.shape)
        && (contiguous ? that.contiguous : Arrays.equals(strides, that.strides));
  }

  int memoryHash() {
    return 31 * (31 * System.identityHashCode(storage) + Long.hashCode(offset))
        + (contiguous ? shape.hashCode() : 31 * shape.hashCode() + Arrays.hashCode(strides));
  }

  private static boolean isRowMajor(Shape shape, long[] strides) {
    long expected = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      long size = shape.size(i);
      if (size != 1 && strides[i] != expected) {
        return shape.elements() == 0;
      }
      expected *= size;
    }
    return true;
  }

  @Override
  public String toString() {
    return dtype() + shape.toString() + (contiguous ? "" : " strides " + Arrays.toString(strides));
  }
}
