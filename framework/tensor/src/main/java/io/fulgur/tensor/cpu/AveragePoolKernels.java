package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.functional.PoolingAttributes;
import io.fulgur.tensor.functional.WindowGeometry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Means of windows and their gradient, a plane at a time; of channels-last images, an image.
 *
 * <p>How: an element of all windows is added after the other, as vectors; see {@link Taps}. Few
 * windows, and such of different sizes, are added up one by one.
 */
final class AveragePoolKernels {
  private AveragePoolKernels() {}

  static @Nullable Kernel forward(OpCall call) {
    if (!PoolPlanes.fits(call)) {
      return null;
    }
    PoolingAttributes attributes = call.attributes(PoolingAttributes.class);
    PoolWindows windows = new PoolWindows(attributes.window());
    Taps taps = PoolPlanes.taps(call);
    float[] shares = shares(attributes, PoolPlanes.unit(call));
    return PoolPlanes.forward(
        call,
        windows,
        taps == null
            ? (x, y, p, s) -> means(x, y, windows, shares)
            : (x, y, p, s) -> means(x, y, taps, shares, s));
  }

  private static void means(float[] x, float[] y, Taps taps, float[] shares, Scratch s) {
    float[] seen = s.wide(2, taps.outputs);
    taps.see(0, x, 0, y);
    for (int tap = 1; tap < taps.count; tap++) {
      taps.see(tap, x, 0, seen);
      BinaryKernels.add(y, seen, y, taps.outputs);
    }
    BinaryKernels.mul(y, shares, y, taps.outputs);
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
    Taps taps = PoolPlanes.taps(call);
    float[] shares = shares(attributes, PoolPlanes.unit(call));
    return PoolPlanes.backward(
        call,
        windows,
        (g, dx, p, s) -> {
          BinaryKernels.mul(g, shares, g, shares.length);
          if (taps == null) {
            spread(g, dx, windows);
            return;
          }
          for (int tap = 0; tap < taps.count; tap++) {
            taps.add(tap, g, dx);
          }
        });
  }

  private static void spread(float[] g, float[] dx, PoolWindows w) {
    int at = 0;
    for (int d = 0; d < w.outputs[0]; d++) {
      for (int h = 0; h < w.outputs[1]; h++) {
        for (int i = 0; i < w.outputs[2]; i++) {
          float share = g[at++];
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

  /** Returns one divided by the number of elements that count, for each number of an output. */
  private static float[] shares(PoolingAttributes attributes, int unit) {
    WindowGeometry w = attributes.window();
    float[] shares = new float[w.outputElements() * unit];
    for (int i = 0; i < w.outputElements(); i++) {
      int rest = i;
      double divisor = 1;
      for (int axis = w.rank() - 1; axis >= 0; axis--) {
        divisor *= attributes.divisor(axis, rest % w.output(axis));
        rest /= w.output(axis);
      }
      Arrays.fill(shares, i * unit, (i + 1) * unit, (float) (1 / divisor));
    }
    return shares;
  }
}
