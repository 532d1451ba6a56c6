package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Softmax and its logarithm along the last dimension, and their gradients along any. */
final class RowKernels {
  /** What an element costs here, in element-wise functions. */
  private static final int COST = 4;

  /** The array of {@link Scratch#wide} for numbers of rows, spread over them. */
  static final int OF_ROW = 6;

  private RowKernels() {}

  /** A function of rows that lie one after another. */
  @FunctionalInterface
  private interface Rows {
    void apply(float[] x, float[] y, int rows, int width, Scratch scratch);
  }

  static @Nullable Kernel softmax(OpCall call) {
    return lastRows(
        call,
        (x, y, rows, width, s) -> {
          exponentials(x, y, rows, width, s);
          divideBySums(y, rows, width, s);
        });
  }

  static @Nullable Kernel logSoftmax(OpCall call) {
    return lastRows(
        call,
        (x, y, rows, width, s) -> {
          exponentials(x, y, rows, width, s);
          float[] largest = s.wide(OF_ROW, rows * width);
          for (int r = 0; r < rows; r++) {
            float log = (float) Math.log(Sums.sum(y, r * width, width));
            Arrays.fill(y, r * width, (r + 1) * width, log);
          }
          subtractBoth(x, largest, y, rows * width);
        });
  }

  /**
   * Writes {@code exp(x - max)}, the maximum being that of the row. It stays, spread over the row,
   * in the {@linkplain Scratch#wide wide} array {@value #OF_ROW}.
   */
  static void exponentials(float[] x, float[] y, int rows, int width, Scratch s) {
    float[] largest = s.wide(OF_ROW, rows * width);
    for (int r = 0; r < rows; r++) {
      float max = Sums.max(x, r * width, width, s);
      Arrays.fill(largest, r * width, (r + 1) * width, max);
    }
    BinaryKernels.sub(x, largest, y, rows * width);
    VectorExp.exp(y, 0, rows * width, s);
  }

  /** Divides rows by their sums, so that they add up to 1. */
  static void divideBySums(float[] x, int rows, int width, Scratch s) {
    float[] factors = s.wide(OF_ROW, rows * width);
    for (int r = 0; r < rows; r++) {
      float factor = 1 / Sums.sum(x, r * width, width);
      Arrays.fill(factors, r * width, (r + 1) * width, factor);
    }
    BinaryKernels.mul(x, factors, x, rows * width);
  }

  /** {@code y = x - a - y} */
  private static void subtractBoth(float[] x, float[] a, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] - a[i] - y[i];
    }
  }

  static void scale(float[] x, int from, int n, float factor) {
    for (int i = from; i < from + n; i++) {
      x[i] *= factor;
    }
  }

  /** Returns a kernel for the rows along the last dimension, or null if it is another. */
  private static @Nullable Kernel lastRows(OpCall call, Rows function) {
    if (call.attributes(Integer.class) != call.input(0).shape().rank() - 1) {
      return null;
    }
    int width = (int) call.input(0).shape().size(-1);
    Floats in = Floats.of(call.input(0));
    Floats out = Floats.of(call.output(0));
    int rows = out.limit() / width;
    int together = together(width);
    Parallel.Range range =
        (from, to, s) -> {
          float[] x = s.wide(0, together * width);
          float[] y = s.wide(1, together * width);
          for (int r = from; r < to; r += together) {
            int n = Math.min(together, to - r);
            in.get(r * width, x, 0, n * width);
            function.apply(x, y, n, width, s);
            out.put(r * width, y, 0, n * width);
          }
        };
    return () -> Parallel.rows(rows, (long) COST * width, range);
  }

  static Kernel softmaxBackward(OpCall call) {
    return gradients(
        call,
        (grad, out, rows, width, s) -> {
          float[] dots = s.wide(OF_ROW, rows * width);
          for (int r = 0; r < rows; r++) {
            float dot = Sums.dot(grad, r * width, out, r * width, width);
            Arrays.fill(dots, r * width, (r + 1) * width, dot);
          }
          ofExponents(grad, out, dots, rows * width);
        });
  }

  static Kernel logSoftmaxBackward(OpCall call) {
    return gradients(
        call,
        (grad, out, rows, width, s) -> {
          VectorExp.exp(out, 0, rows * width, s);
          float[] sums = s.wide(OF_ROW, rows * width);
          for (int r = 0; r < rows; r++) {
            float sum = Sums.sum(grad, r * width, width);
            Arrays.fill(sums, r * width, (r + 1) * width, sum);
          }
          subtractProduct(grad, out, sums, rows * width);
        });
  }

  /** {@code d = p (d - dot)} */
  static void ofExponents(float[] d, float[] p, float[] dots, int n) {
    for (int i = 0; i < n; i++) {
      d[i] = p[i] * (d[i] - dots[i]);
    }
  }

  private static void subtractProduct(float[] x, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      x[i] -= a[i] * b[i];
    }
  }

  /** Returns a kernel whose function turns gradients and values of the output into gradients. */
  private static Kernel gradients(OpCall call, Rows function) {
    AxisRows rows = AxisRows.of(call.input(0), call.attributes(Integer.class));
    Floats grad = Floats.of(call.input(0));
    Floats out = Floats.of(call.input(1));
    Floats dx = Floats.of(call.output(0));
    int width = rows.size();
    int together = rows.step() > 1 ? 1 : together(width);
    Parallel.Range range =
        (from, to, s) -> {
          float[] g = s.wide(0, together * width);
          float[] y = s.wide(1, together * width);
          for (int r = from; r < to; r += together) {
            int n = Math.min(together, to - r);
            if (rows.step() > 1) {
              get(grad, g, rows, r);
              get(out, y, rows, r);
              function.apply(g, y, 1, width, s);
              put(dx, g, rows, r);
            } else {
              grad.get(r * width, g, 0, n * width);
              out.get(r * width, y, 0, n * width);
              function.apply(g, y, n, width, s);
              dx.put(r * width, g, 0, n * width);
            }
          }
        };
    return () -> Parallel.rows(rows.count(), (long) COST * width, range);
  }

  private static void get(Floats from, float[] row, AxisRows rows, int index) {
    int start = rows.start(index);
    for (int i = 0; i < rows.size(); i++) {
      row[i] = from.get(start + i * rows.step());
    }
  }

  private static void put(Floats to, float[] row, AxisRows rows, int index) {
    int start = rows.start(index);
    for (int i = 0; i < rows.size(); i++) {
      to.put(start + i * rows.step(), row[i]);
    }
  }

  /** Returns how many rows make a block. */
  static int together(int width) {
    return Math.max(1, Scratch.BLOCK / Math.max(1, width));
  }

  /** Reads a row, and repeats it as often as it fits. */
  static void repeat(Floats row, float[] to) {
    int width = row.limit();
    row.get(0, to, 0, width);
    for (int at = width; at < to.length; at += width) {
      System.arraycopy(to, 0, to, at, width);
    }
  }

  /** Adds all rows of a block to the first: the lower half of the rows to the upper one. */
  static void addUp(float[] block, int rows, int width, Scratch s) {
    int count = rows;
    while (count > 1) {
      int half = count / 2;
      count -= half;
      System.arraycopy(block, count * width, s.block, 0, half * width);
      BinaryKernels.add(block, s.block, block, half * width);
    }
  }
}
