package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** Softmax and its logarithm along the last dimension, and their gradients along any. */
final class RowKernels {
  private RowKernels() {}

  /** A gradient of one row, from the gradient and the value of the output. */
  @FunctionalInterface
  private interface Row {
    void apply(float[] grad, float[] out, float[] dx, int n);
  }

  static @Nullable Kernel softmax(OpCall call) {
    return lastRows(
        call,
        (x, y, n) -> {
          float scale = 1 / exponentials(x, y, n, max(x, n));
          for (int i = 0; i < n; i++) {
            y[i] *= scale;
          }
        });
  }

  static @Nullable Kernel logSoftmax(OpCall call) {
    return lastRows(
        call,
        (x, y, n) -> {
          float max = max(x, n);
          float log = (float) Math.log(exponentials(x, y, n, max));
          for (int i = 0; i < n; i++) {
            y[i] = x[i] - max - log;
          }
        });
  }

  private static float max(float[] x, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, x[i]);
    }
    return max;
  }

  /** Writes {@code exp(x - max)} and returns its sum. */
  private static float exponentials(float[] x, float[] y, int n, float max) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      float e = Exp.exp(x[i] - max);
      y[i] = e;
      sum += e;
    }
    return (float) sum;
  }

  /** Returns a kernel for each row along the last dimension, or null if it is another. */
  private static @Nullable Kernel lastRows(OpCall call, UnaryKernels.Block row) {
    if (call.attributes(Integer.class) != call.input(0).shape().rank() - 1) {
      return null;
    }
    int width = (int) call.input(0).shape().size(-1);
    FloatBuffer in = Memory.floats(call.input(0));
    FloatBuffer out = Memory.floats(call.output(0));
    float[] x = new float[width];
    float[] y = new float[width];
    return () -> {
      for (int at = 0; at < out.limit(); at += width) {
        in.get(at, x, 0, width);
        row.apply(x, y, width);
        out.put(at, y, 0, width);
      }
    };
  }

  static Kernel softmaxBackward(OpCall call) {
    return rows(
        call,
        (grad, out, dx, n) -> {
          float dot = 0;
          for (int i = 0; i < n; i++) {
            dot += grad[i] * out[i];
          }
          for (int i = 0; i < n; i++) {
            dx[i] = out[i] * (grad[i] - dot);
          }
        });
  }

  static Kernel logSoftmaxBackward(OpCall call) {
    return rows(
        call,
        (grad, out, dx, n) -> {
          float sum = 0;
          for (int i = 0; i < n; i++) {
            sum += grad[i];
          }
          for (int i = 0; i < n; i++) {
            dx[i] = grad[i] - Exp.exp(out[i]) * sum;
          }
        });
  }

  private static Kernel rows(OpCall call, Row row) {
    AxisRows rows = AxisRows.of(call.input(0), call.attributes(Integer.class));
    FloatBuffer grad = Memory.floats(call.input(0));
    FloatBuffer out = Memory.floats(call.input(1));
    FloatBuffer dx = Memory.floats(call.output(0));
    int width = rows.size();
    float[] g = new float[width];
    float[] y = new float[width];
    float[] d = new float[width];
    if (rows.step() > 1) {
      return () -> {
        for (int r = 0; r < rows.count(); r++) {
          int start = rows.start(r);
          for (int i = 0; i < width; i++) {
            g[i] = grad.get(start + i * rows.step());
            y[i] = out.get(start + i * rows.step());
          }
          row.apply(g, y, d, width);
          for (int i = 0; i < width; i++) {
            dx.put(start + i * rows.step(), d[i]);
          }
        }
      };
    }
    return () -> {
      for (int at = 0; at < dx.limit(); at += width) {
        grad.get(at, g, 0, width);
        out.get(at, y, 0, width);
        row.apply(g, y, d, width);
        dx.put(at, d, 0, width);
      }
    };
  }
}
