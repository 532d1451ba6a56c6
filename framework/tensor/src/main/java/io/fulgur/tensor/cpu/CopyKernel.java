package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies between views of any strides and any type.
 *
 * <p>How: neighbouring dimensions that both sides walk through without a gap are joined. What then
 * is dense on both sides along one dimension is copied in runs. Where the source is dense along
 * another dimension than the target, squares of both are copied one after the other, so that each
 * line of the cache is used up before it is evicted; see {@link Transposition}. The rest goes
 * element by element. Long copies are shared with other threads.
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

  private final @Nullable Transposition transposition;

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
    inner = removeInnermost(dims);
    Dim dense = null;
    for (Dim dim : dims) {
      dense = inner.from != size && inner.from != 0 && dim.from == size ? dim : dense;
    }
    across = dense;
    if (dense != null) {
      dims.remove(dense);
    }
    transposition =
        dense == null || size != Integer.BYTES || inner.to != size
            ? null
            : new Transposition(
                source.asIntBuffer(), target.asIntBuffer(), inner.from / size, dense.to / size);
    outer = dims;
    outerCount = dims.stream().mapToInt(Dim::size).reduce(1, (a, b) -> a * b);
  }

  /** Removes the dimension along which the target is dense, else the last. */
  private Dim removeInnermost(List<Dim> dims) {
    int innermost = dims.size() - 1;
    for (int i = 0; i < dims.size(); i++) {
      innermost = dims.get(i).to == size ? i : innermost;
    }
    return dims.remove(innermost);
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
              copy(from(i), to(i), inner.size, scratch);
            } else {
              transpose(from(i), to(i), other, 0, other.size, scratch);
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
            copy(begin * dim.from, begin * dim.to, end - begin, scratch);
          } else {
            transpose(0, 0, dim, begin, end, scratch);
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

  private void transpose(int from, int to, Dim dense, int begin, int end, Scratch s) {
    if (transposition != null) {
      transposition.copy(
          (from + begin * dense.from) / size,
          (to + begin * dense.to) / size,
          end - begin,
          inner.size,
          s);
      return;
    }
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

  private void copy(int from, int to, int count, Scratch s) {
    if (inner.from == size && inner.to == size) {
      target.put(to, source, from, count * size);
    } else if (inner.from == 0 && inner.to == size && size == Integer.BYTES) {
      repeat(source.getInt(from), to, count, s);
    } else {
      copyElements(from, to, count);
    }
  }

  private void repeat(int element, int to, int count, Scratch s) {
    Arrays.fill(s.ints, 0, Math.min(Scratch.BLOCK, count), element);
    IntBuffer ints = target.slice(to, count * size).order(target.order()).asIntBuffer();
    for (int i = 0; i < count; i += Scratch.BLOCK) {
      ints.put(i, s.ints, 0, Math.min(Scratch.BLOCK, count - i));
    }
  }

  /** Copies elements along the innermost dimension. */
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
