package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.nio.FloatBuffer;

/** Gradients of softmax and its logarithm along any dimension. */
final class RowKernels {
  private RowKernels() {}

  /** A gradient of one row, from the gradient and the value of the output. */
  @FunctionalInterface
  private interface Row {
    void apply(float[] grad, float[] out, float[] dx, int n);
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
