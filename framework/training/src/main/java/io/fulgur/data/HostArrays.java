package io.fulgur.data;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Where the arrays of batches come from, and where {@linkplain HostBatch#recycle() recycled} ones
 * go back to, so that a steady loop makes no garbage. Thread-safe.
 *
 * @since 0.1
 */
public final class HostArrays {
  /**
   * Above this, the oldest is left to the garbage collector: batches of ever new sizes must not
   * pile up.
   */
  private static final int MOST_FREE = 64;

  private final Deque<HostArray> free = new ArrayDeque<>();

  /** Makes an empty store. */
  public HostArrays() {}

  /** Returns an array of this type and shape, whose elements are arbitrary. */
  public HostArray take(DType dtype, Shape shape) {
    int length = Math.toIntExact(shape.elements());
    Object values = reuse(dtype, length);
    return new HostArray(dtype, shape, values == null ? allocate(dtype, length) : values);
  }

  private synchronized @Nullable Object reuse(DType dtype, int length) {
    for (Iterator<HostArray> it = free.iterator(); it.hasNext(); ) {
      HostArray candidate = it.next();
      if (candidate.dtype() == dtype && Array.getLength(candidate.values()) == length) {
        it.remove();
        return candidate.values();
      }
    }
    return null;
  }

  synchronized void give(HostArray array) {
    // A batch may have one array under two names; given out twice, it would hold two batches at
    // once.
    if (free.stream().anyMatch(other -> other.values() == array.values())) {
      return;
    }
    if (free.size() == MOST_FREE) {
      free.removeLast();
    }
    free.addFirst(array);
  }

  static Object allocate(DType dtype, int length) {
    return switch (dtype) {
      case F32 -> new float[length];
      case F64 -> new double[length];
      case I64 -> new long[length];
      case I32 -> new int[length];
      case U8 -> new byte[length];
      case BOOL -> new boolean[length];
      case BF16, F16 ->
          throw new IllegalArgumentException(
              dtype + " has no array type in Java; use F32 and convert the tensor");
    };
  }
}
