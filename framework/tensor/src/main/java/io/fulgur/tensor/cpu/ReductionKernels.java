package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operators.Axes;
import io.fulgur.tensor.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sums over leading or trailing dimensions; reductions in the middle are declined.
 *
 * <p>Sums down columns add rows in order, as vectors, in partial sums of {@value #PARTIAL} rows.
 * Sums across rows are those of {@link Sums}.
 */
final class ReductionKernels {
  private ReductionKernels() {}

  static @Nullable Kernel sum(OpCall call) {
    return reduce(call, 1);
  }

  static @Nullable Kernel mean(OpCall call) {
    long count = call.input(0).elements() / Math.max(1, call.output(0).elements());
    return count == 0 ? null : reduce(call, 1f / count);
  }

  private static @Nullable Kernel reduce(OpCall call, float scale) {
    Axes axes = call.attributes(Axes.class);
    Shape shape = call.input(0).shape();
    int rank = shape.rank();
    int first = 0;
    while (first < rank && !(axes.contains(first) && shape.size(first) != 1)) {
      first++;
    }
    int last = rank;
    while (last > first && !(axes.contains(last - 1) && shape.size(last - 1) != 1)) {
      last--;
    }
    long reduced = 1;
    for (int i = first; i < last; i++) {
      if (!axes.contains(i) && shape.size(i) != 1) {
        return null;
      }
      reduced *= shape.size(i);
    }
    long inner = 1;
    for (int i = last; i < rank; i++) {
      inner *= shape.size(i);
    }
    Floats x = Floats.of(call.input(0));
    Floats y = Floats.of(call.output(0));
    Scratch scratch = Scratch.current();
    if (inner == 1) {
      return across(x, y, (int) reduced, scale, scratch);
    }
    return down(x, y, (int) reduced, (int) inner, scale, scratch);
  }

  private static Kernel across(Floats x, Floats y, int width, float scale, Scratch s) {
    return () -> {
      int rows = y.limit();
      for (int row = 0; row < rows; row++) {
        double sum = 0;
        int start = row * width;
        for (int i = 0; i < width; i += Scratch.BLOCK) {
          int n = Math.min(Scratch.BLOCK, width - i);
          x.get(start + i, s.a, 0, n);
          sum += Sums.sum(s.a, 0, n);
        }
        y.put(row, (float) (sum * scale));
      }
    };
  }

  /** Rows after which a partial sum is set aside, so that rounding errors stay small. */
  private static final int PARTIAL = 256;

  private static Kernel down(Floats x, Floats y, int rows, int width, float scale, Scratch s) {
    if (width > Scratch.BLOCK || rows > PARTIAL) {
      return downLarge(x, y, rows, width, scale, s);
    }
    // Short rows are fetched many at a time.
    int rowsInBlock = Scratch.BLOCK / width;
    return () -> {
      int outer = y.limit() / width;
      for (int o = 0; o < outer; o++) {
        Arrays.fill(s.b, 0, width, 0f);
        for (int row = 0; row < rows; row += rowsInBlock) {
          int count = Math.min(rowsInBlock, rows - row);
          x.get((o * rows + row) * width, s.a, 0, count * width);
          for (int r = 0; r < count; r++) {
            accumulate(s.a, r * width, s.b, width);
          }
        }
        if (scale != 1) {
          scale(s.b, width, scale);
        }
        y.put(o * width, s.b, 0, width);
      }
    };
  }

  /** As {@link #down}, a block of columns at a time and in partial sums. */
  private static Kernel downLarge(Floats x, Floats y, int rows, int width, float scale, Scratch s) {
    return () -> {
      int outer = y.limit() / width;
      for (int o = 0; o < outer; o++) {
        for (int column = 0; column < width; column += Scratch.BLOCK) {
          int n = Math.min(Scratch.BLOCK, width - column);
          int rowsInBlock = Math.min(PARTIAL, width <= Scratch.BLOCK ? Scratch.BLOCK / width : 1);
          Arrays.fill(s.c, 0, n, 0f);
          for (int start = 0; start < rows; start += PARTIAL) {
            int end = Math.min(start + PARTIAL, rows);
            Arrays.fill(s.b, 0, n, 0f);
            for (int row = start; row < end; row += rowsInBlock) {
              int count = Math.min(rowsInBlock, end - row);
              x.get((o * rows + row) * width + column, s.a, 0, count * n);
              for (int r = 0; r < count; r++) {
                accumulate(s.a, r * n, s.b, n);
              }
            }
            accumulate(s.b, 0, s.c, n);
          }
          scale(s.c, n, scale);
          y.put(o * width + column, s.c, 0, n);
        }
      }
    };
  }

  private static void accumulate(float[] x, int from, float[] sums, int n) {
    for (int i = 0; i < n; i++) {
      sums[i] += x[from + i];
    }
  }

  private static void scale(float[] x, int n, float factor) {
    for (int i = 0; i < n; i++) {
      x[i] *= factor;
    }
  }
}
