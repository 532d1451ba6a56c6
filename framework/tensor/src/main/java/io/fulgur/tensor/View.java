package io.fulgur.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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
  private final boolean channelsLast;

  /** The same memory with the channels moved, once it was asked for. */
  private @Nullable View channelsMovedLast;

  private @Nullable View channelsMovedSecond;

  private View(Storage storage, long offset, Shape shape, long[] strides) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
    this.contiguous = isRowMajor(shape, strides);
    this.channelsLast = MemoryFormat.CHANNELS_LAST.describes(shape, strides);
  }

  /** Returns a row-major view that starts {@code offset} elements into the storage. */
  public static View contiguous(Storage storage, long offset, Shape shape) {
    return new View(storage, offset, shape, shape.contiguousStrides());
  }

  /** Returns a view without gaps that starts {@code offset} elements into the storage. */
  public static View dense(Storage storage, long offset, Shape shape, MemoryFormat format) {
    return new View(storage, offset, shape, format.strides(shape));
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

  /** Returns whether the elements lie so without gaps. */
  public boolean is(MemoryFormat format) {
    return format == MemoryFormat.ROW_MAJOR ? contiguous : channelsLast;
  }

  /**
   * Returns the order of the elements: {@link MemoryFormat#CHANNELS_LAST} where they lie so and not
   * row-major at once, as those of a single channel do.
   */
  public MemoryFormat memoryFormat() {
    return channelsLast && !contiguous ? MemoryFormat.CHANNELS_LAST : MemoryFormat.ROW_MAJOR;
  }

  /** Returns the same memory as {@code [batch, spatial..., channels]}. */
  View channelsMovedLast() {
    View view = channelsMovedLast;
    if (view == null) {
      view = moved(1, shape.rank() - 1);
      view.channelsMovedSecond = this;
      channelsMovedLast = view;
    }
    return view;
  }

  /** Returns the same memory as {@code [batch, channels, spatial...]}. */
  View channelsMovedSecond() {
    View view = channelsMovedSecond;
    if (view == null) {
      view = moved(shape.rank() - 1, 1);
      view.channelsMovedLast = this;
      channelsMovedSecond = view;
    }
    return view;
  }

  private View moved(int from, int to) {
    long[] sizes = shape.toArray();
    long[] steps = strides.clone();
    long size = sizes[from];
    long step = steps[from];
    int direction = Integer.signum(to - from);
    for (int i = from; i != to; i += direction) {
      sizes[i] = sizes[i + direction];
      steps[i] = steps[i + direction];
    }
    sizes[to] = size;
    steps[to] = step;
    return new View(storage, offset, Shape.of(sizes), steps);
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
