package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import org.jspecify.annotations.Nullable;

/** Softmax and its logarithm along the last dimension, and their gradients along any. */
final class RowKernels {
  /** What an element costs here, in element-wise functions. */
  private static final int COST = 4;

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
          for (int r = 0; r < rows; r++) {
            scale(y, r * width, width, 1 / Sums.sum(y, r * width, width));
          }
        });
  }

  static @Nullable Kernel logSoftmax(OpCall call) {
    return lastRows(
        call,
        (x, y, rows, width, s) -> {
          exponentials(x, y, rows, width, s);
          for (int r = 0; r < rows; r++) {
            float log = (float) Math.log(Sums.sum(y, r * width, width));
            subtract(x, y, r * width, width, Sums.max(x, r * width, width));
            shift(y, r * width, width, -log);
          }
        });
  }

  /** Writes {@code exp(x - max)}, the maximum being that of the row. */
  static void exponentials(float[] x, float[] y, int rows, int width, Scratch s) {
    for (int r = 0; r < rows; r++) {
      subtract(x, y, r * width, width, Sums.max(x, r * width, width));
    }
    VectorExp.exp(y, 0, rows * width, s);
  }

  private static void subtract(float[] x, float[] y, int from, int n, float value) {
    for (int i = from; i < from + n; i++) {
      y[i] = x[i] - value;
    }
  }

  private static void shift(float[] x, int from, int n, float value) {
    for (int i = from; i < from + n; i++) {
      x[i] += value;
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
          for (int r = 0; r < rows; r++) {
            float dot = Sums.dot(grad, r * width, out, r * width, width);
            for (int i = r * width; i < (r + 1) * width; i++) {
              grad[i] = out[i] * (grad[i] - dot);
            }
          }
        });
  }

  static Kernel logSoftmaxBackward(OpCall call) {
    return gradients(
        call,
        (grad, out, rows, width, s) -> {
          VectorExp.exp(out, 0, rows * width, s);
          for (int r = 0; r < rows; r++) {
            float sum = Sums.sum(grad, r * width, width);
            for (int i = r * width; i < (r + 1) * width; i++) {
              grad[i] -= out[i] * sum;
            }
          }
        });
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
}
