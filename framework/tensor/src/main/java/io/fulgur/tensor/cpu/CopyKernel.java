package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies between views of any strides and any type.
 *
 * <p>How: neighbouring dimensions that both sides walk through without a gap are joined. What then
 * is dense on both sides along the last dimension is copied in runs. Where the source is dense
 * along another dimension (a transposition), squares of both are copied one after the other, so
 * that each line of the cache is used up before it is evicted. The rest goes element by element.
 * Long copies are shared with other threads.
 */
final class CopyKernel implements Kernel {
  /** 16 rows of 16 numbers, a line of the cache each. */
  private static final int TILE = 16;

  /** Time to start a run, in elements copied. */
  private static final int START = 16;

  private final ByteBuffer source;
  private final ByteBuffer target;
  private final int size;

  /** The dimensions around the one or two innermost. */
  private final List<Dim> outer;

  private final int outerCount;
  private final Dim inner;

  /** The dimension along which the source is dense, where it is another than the last. */
  private final @Nullable Dim across;

  /**
   * A dimension.
   *
   * @param size elements
   * @param from distance of neighbours in the source, in bytes
   * @param to distance of neighbours in the target, in bytes
   */
  private record Dim(int size, int from, int to) {}

  private CopyKernel(View from, View to) {
    this.source = Memory.requireBytes(from);
    this.target = Memory.requireBytes(to);
    this.size = from.dtype().sizeBytes();
    List<Dim> dims = joined(from, to, size);
    inner = dims.remove(dims.size() - 1);
    Dim dense = null;
    for (Dim dim : dims) {
      dense = inner.from != size && dim.from == size ? dim : dense;
    }
    across = dense;
    dims.remove(dense);
    outer = dims;
    outerCount = dims.stream().mapToInt(Dim::size).reduce(1, (a, b) -> a * b);
  }

  private static List<Dim> joined(View from, View to, int size) {
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < from.shape().rank(); i++) {
      int count = (int) from.shape().size(i);
      if (count == 1) {
        continue;
      }
      Dim dim = new Dim(count, (int) from.stride(i) * size, (int) to.stride(i) * size);
      Dim last = dims.isEmpty() ? null : dims.get(dims.size() - 1);
      if (last != null && last.from == dim.from * count && last.to == dim.to * count) {
        dims.set(dims.size() - 1, new Dim(last.size * count, dim.from, dim.to));
      } else {
        dims.add(dim);
      }
    }
    if (dims.isEmpty()) {
      dims.add(new Dim(1, size, size));
    }
    return dims;
  }

  static @Nullable Kernel of(OpCall call) {
    View from = call.input(0);
    View to = call.output(0);
    return from.shape().equals(to.shape()) ? new CopyKernel(from, to) : null;
  }

  @Override
  public void run() {
    Dim other = across;
    if (outerCount == 1) {
      runAlong(other == null ? inner : other);
      return;
    }
    long width = (long) inner.size * (other == null ? 1 : other.size) + START;
    Parallel.rows(
        outerCount,
        width,
        (begin, end, scratch) -> {
          for (int i = begin; i < end; i++) {
            if (other == null) {
              copy(from(i), to(i), inner.size);
            } else {
              transpose(from(i), to(i), other, 0, other.size);
            }
          }
        });
  }

  /** Shares the only copy along a dimension. */
  private void runAlong(Dim dim) {
    long width = across == null ? 1 : inner.size;
    Parallel.rows(
        dim.size,
        width,
        (begin, end, scratch) -> {
          if (across == null) {
            copy(begin * dim.from, begin * dim.to, end - begin);
          } else {
            transpose(0, 0, dim, begin, end);
          }
        });
  }

  private int from(int index) {
    int rest = index;
    int place = 0;
    for (int d = outer.size() - 1; d >= 0; d--) {
      Dim dim = outer.get(d);
      place += rest % dim.size * dim.from;
      rest /= dim.size;
    }
    return place;
  }

  private int to(int index) {
    int rest = index;
    int place = 0;
    for (int d = outer.size() - 1; d >= 0; d--) {
      Dim dim = outer.get(d);
      place += rest % dim.size * dim.to;
      rest /= dim.size;
    }
    return place;
  }

  private void transpose(int from, int to, Dim dense, int begin, int end) {
    for (int i = begin; i < end; i += TILE) {
      int rows = Math.min(TILE, end - i);
      for (int j = 0; j < inner.size; j += TILE) {
        int columns = Math.min(TILE, inner.size - j);
        for (int k = i; k < i + rows; k++) {
          copyElements(
              from + k * dense.from + j * inner.from, to + k * dense.to + j * inner.to, columns);
        }
      }
    }
  }

  private void copy(int from, int to, int count) {
    if (inner.from == size && inner.to == size) {
      target.put(to, source, from, count * size);
    } else {
      copyElements(from, to, count);
    }
  }

  /** Copies elements along the last dimension. */
  private void copyElements(int from, int to, int count) {
    int fromStep = inner.from;
    int toStep = inner.to;
    int p = from;
    int q = to;
    switch (size) {
      case 4 -> {
        for (int i = 0; i < count; i++, p += fromStep, q += toStep) {
          target.putInt(q, source.getInt(p));
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++, p += fromStep, q += toStep) {
          target.putLong(q, source.getLong(p));
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++, p += fromStep, q += toStep) {
          target.putShort(q, source.getShort(p));
        }
      }
      default -> {
        for (int i = 0; i < count; i++, p += fromStep, q += toStep) {
          target.put(q, source.get(p));
        }
      }
    }
  }
}
