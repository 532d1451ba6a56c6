package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.functional.PoolingAttributes;
import io.fulgur.tensor.functional.WindowGeometry;
import org.jspecify.annotations.Nullable;

/** Means of windows and their gradient, a plane at a time. */
final class AveragePoolKernels {
  private AveragePoolKernels() {}

  static @Nullable Kernel forward(OpCall call) {
    if (!PoolPlanes.fits(call)) {
      return null;
    }
    PoolingAttributes attributes = call.attributes(PoolingAttributes.class);
    PoolWindows windows = new PoolWindows(attributes.window());
    float[] shares = shares(attributes);
    return PoolPlanes.forward(call, windows, (x, y, p, s) -> means(x, y, windows, shares));
  }

  private static void means(float[] x, float[] y, PoolWindows w, float[] shares) {
    int at = 0;
    for (int d = 0; d < w.outputs[0]; d++) {
      for (int h = 0; h < w.outputs[1]; h++) {
        for (int i = 0; i < w.outputs[2]; i++) {
          double sum = 0;
          int start = w.starts[0][d] + w.starts[1][h] + w.starts[2][i];
          for (int kd = w.firsts[0][d]; kd < w.ends[0][d]; kd++) {
            for (int kh = w.firsts[1][h]; kh < w.ends[1][h]; kh++) {
              int row = start + kd * w.kernelSteps[0] + kh * w.kernelSteps[1];
              sum += sum(x, row + w.firsts[2][i], row + w.ends[2][i]);
            }
          }
          y[at] = (float) (sum * shares[at]);
          at++;
        }
      }
    }
  }

  private static float sum(float[] x, int from, int to) {
    float sum = 0;
    for (int i = from; i < to; i++) {
      sum += x[i];
    }
    return sum;
  }

  static @Nullable Kernel backward(OpCall call) {
    if (!PoolPlanes.fits(call)) {
      return null;
    }
    PoolingAttributes attributes = call.attributes(PoolingAttributes.class);
    PoolWindows windows = new PoolWindows(attributes.window());
    float[] shares = shares(attributes);
    return PoolPlanes.backward(call, windows, (g, dx, p, s) -> spread(g, dx, windows, shares));
  }

  private static void spread(float[] g, float[] dx, PoolWindows w, float[] shares) {
    int at = 0;
    for (int d = 0; d < w.outputs[0]; d++) {
      for (int h = 0; h < w.outputs[1]; h++) {
        for (int i = 0; i < w.outputs[2]; i++) {
          float share = g[at] * shares[at];
          at++;
          int start = w.starts[0][d] + w.starts[1][h] + w.starts[2][i];
          for (int kd = w.firsts[0][d]; kd < w.ends[0][d]; kd++) {
            for (int kh = w.firsts[1][h]; kh < w.ends[1][h]; kh++) {
              int row = start + kd * w.kernelSteps[0] + kh * w.kernelSteps[1];
              for (int k = row + w.firsts[2][i]; k < row + w.ends[2][i]; k++) {
                dx[k] += share;
              }
            }
          }
        }
      }
    }
  }

  /** Returns one divided by the number of elements that count, for each window. */
  private static float[] shares(PoolingAttributes attributes) {
    WindowGeometry w = attributes.window();
    float[] shares = new float[w.outputElements()];
    for (int i = 0; i < shares.length; i++) {
      int rest = i;
      double divisor = 1;
      for (int axis = w.rank() - 1; axis >= 0; axis--) {
        divisor *= attributes.divisor(axis, rest % w.output(axis));
        rest /= w.output(axis);
      }
      shares[i] = (float) (1 / divisor);
    }
    return shares;
  }
}
