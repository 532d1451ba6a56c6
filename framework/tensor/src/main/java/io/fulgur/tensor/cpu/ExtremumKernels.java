package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Operators.Axes;
import io.fulgur.tensor.Shape;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The largest and smallest numbers over leading or over trailing dimensions, and where they are
 * along the last. A NaN makes the result NaN, and is the first one's place. The smallest is the
 * largest of what has the other sign.
 */
final class ExtremumKernels {
  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(Operators.MAX, call -> extremum(call, 1)),
          entry(Operators.MIN, call -> extremum(call, -1)));

  /** Those whose output is of {@link DType#I64}. */
  static final Map<Operator, KernelFactory> PLACES =
      Map.ofEntries(
          entry(Operators.ARGMAX, call -> place(call, 1)),
          entry(Operators.ARGMIN, call -> place(call, -1)));

  /** What an element costs here, in element-wise functions. */
  private static final int COST = 2;

  private ExtremumKernels() {}

  private static @Nullable Kernel extremum(OpCall call, float sign) {
    Shape shape = call.input(0).shape();
    ReductionKernels.Sizes sizes = ReductionKernels.Sizes.of(shape, call.attributes(Axes.class));
    if (sizes == null || sizes.before() != 1 || shape.elements() == 0) {
      return null;
    }
    Floats x = Floats.of(call.input(0));
    Floats y = Floats.of(call.output(0));
    return sizes.inner() == 1
        ? across(x, y, sizes.reduced(), sign)
        : down(x, y, sizes.reduced(), sizes.inner(), sign);
  }

  /** Gets numbers, with the other sign where the smallest is sought. */
  private static void get(Floats x, int at, float[] to, int n, float sign) {
    x.get(at, to, 0, n);
    if (sign < 0) {
      RowKernels.scale(to, 0, n, sign);
    }
  }

  private static Kernel across(Floats x, Floats y, int width, float sign) {
    int together = RowKernels.together(width);
    Parallel.Range range =
        (from, to, s) -> {
          float[] rows = s.wide(0, together * width);
          for (int r = from; r < to; r += together) {
            int n = Math.min(together, to - r);
            get(x, r * width, rows, n * width, sign);
            for (int i = 0; i < n; i++) {
              s.a[i] = sign * Sums.max(rows, i * width, width, s);
            }
            y.put(r, s.a, 0, n);
          }
        };
    return () -> Parallel.rows(y.limit(), (long) COST * width, range);
  }

  private static Kernel down(Floats x, Floats y, int rows, int width, float sign) {
    int outer = y.limit() / width;
    Parallel.Range range =
        (from, to, s) -> {
          float[] largest = s.wide(0, width);
          float[] row = s.wide(1, width);
          for (int o = from; o < to; o++) {
            Arrays.fill(largest, 0, width, Float.NEGATIVE_INFINITY);
            for (int r = o * rows; r < (o + 1) * rows; r++) {
              get(x, r * width, row, width, sign);
              BinaryKernels.maximum(largest, row, largest, width);
            }
            if (sign < 0) {
              RowKernels.scale(largest, 0, width, sign);
            }
            y.put(o * width, largest, 0, width);
          }
        };
    return () -> Parallel.rows(outer, (long) rows * width, range);
  }

  private static @Nullable Kernel place(OpCall call, float sign) {
    Shape shape = call.input(0).shape();
    boolean last = call.attributes(Axes.class).contains(shape.rank() - 1);
    if (call.input(0).dtype() != DType.F32 || !last || shape.elements() == 0) {
      return null;
    }
    int width = (int) shape.size(-1);
    int together = RowKernels.together(width);
    Floats x = Floats.of(call.input(0));
    LongBuffer y = Memory.longs(call.output(0));
    Parallel.Range range =
        (from, to, s) -> {
          float[] rows = s.wide(0, together * width);
          for (int r = from; r < to; r += together) {
            int n = Math.min(together, to - r);
            get(x, r * width, rows, n * width, sign);
            for (int i = 0; i < n; i++) {
              float largest = Sums.max(rows, i * width, width, s);
              y.put(r + i, first(rows, i * width, width, largest));
            }
          }
        };
    return () -> Parallel.rows(y.limit(), (long) COST * width, range);
  }

  /** Returns the first place of a number that is there, counted from the row's begin. */
  private static int first(float[] x, int from, int n, float value) {
    boolean nan = Float.isNaN(value);
    int i = 0;
    while (i < n - 1 && !(x[from + i] == value || (nan && Float.isNaN(x[from + i])))) {
      i++;
    }
    return i;
  }
}
