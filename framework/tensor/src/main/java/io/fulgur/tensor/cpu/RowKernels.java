package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** Gradients of softmax and its logarithm along the last dimension. */
final class RowKernels {
  private RowKernels() {}

  /** A gradient of one row, from the gradient and the value of the output. */
  @FunctionalInterface
  private interface Row {
    void apply(float[] grad, float[] out, float[] dx, int n);
  }

  static @Nullable Kernel softmaxBackward(OpCall call) {
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

  static @Nullable Kernel logSoftmaxBackward(OpCall call) {
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

  private static @Nullable Kernel rows(OpCall call, Row row) {
    View first = call.input(0);
    int rank = first.shape().rank();
    if (rank == 0 || call.attributes(Integer.class) != rank - 1) {
      return null;
    }
    int width = (int) first.shape().size(-1);
    FloatBuffer grad = Memory.floats(first);
    FloatBuffer out = Memory.floats(call.input(1));
    FloatBuffer dx = Memory.floats(call.output(0));
    float[] g = new float[width];
    float[] y = new float[width];
    float[] d = new float[width];
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
