package io.fulgur.tensor.cpu;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.PoolingAttributes;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Maxima of windows and their gradient, a plane at a time; of channels-last images, an image.
 *
 * <p>How: an element of all windows is compared after the other, as vectors; see {@link Taps} and
 * {@link OrderedBits}. Few windows, and such of different sizes, are looked at one by one.
 */
final class MaxPoolKernels {
  private MaxPoolKernels() {}

  static @Nullable Kernel forward(OpCall call) {
    if (!PoolPlanes.fits(call)) {
      return null;
    }
    PoolWindows windows = new PoolWindows(call.attributes(PoolingAttributes.class).window());
    Positions positions = Positions.of(call.output(1));
    Taps taps = PoolPlanes.taps(call);
    if (taps != null) {
      return together(call, taps, positions);
    }
    int out = windows.outputElements;
    return PoolPlanes.forward(
        call,
        windows,
        (x, y, plane, s) -> {
          int[] places = s.wideInts(0, out);
          windows(x, y, places, windows);
          positions.put(plane * out, places, out, s);
        });
  }

  /** Compares all windows at once. */
  private static Kernel together(OpCall call, Taps taps, Positions positions) {
    Floats x = Floats.of(call.input(0));
    Floats y = Floats.of(call.output(0));
    int in = taps.inputs;
    int out = taps.outputs;
    int planes = out == 0 ? 0 : y.limit() / out;
    return () ->
        Parallel.rows(
            planes,
            2L * in,
            (from, to, s) -> {
              int[] places = s.wideInts(0, out);
              int[] plane = s.wideInts(1, in);
              int[] maxima = s.wideInts(2, out);
              for (int p = from; p < to; p++) {
                x.getBits(p * in, plane, in);
                OrderedBits.of(plane, in);
                maxima(taps, plane, maxima, places, s);
                OrderedBits.toBits(maxima, out);
                y.putBits(p * out, maxima, out);
                positions.put(p * out, places, out, s);
              }
            });
  }

  private static void maxima(Taps taps, int[] plane, int[] maxima, int[] places, Scratch s) {
    int[] seen = s.wideInts(3, taps.outputs);
    taps.see(0, plane, maxima, Integer.MIN_VALUE);
    Arrays.fill(places, 0, taps.outputs, 0);
    for (int tap = 1; tap < taps.count; tap++) {
      taps.see(tap, plane, seen, Integer.MIN_VALUE);
      larger(maxima, places, seen, tap, taps.outputs);
    }
  }

  /** Takes what is larger, and notes where it came from. */
  private static void larger(int[] maxima, int[] places, int[] seen, int tap, int n) {
    for (int i = 0; i < n; i++) {
      int larger = Math.max(maxima[i], seen[i]);
      int change = larger ^ maxima[i];
      int changed = (change | -change) >> 31;
      places[i] = (places[i] & ~changed) | (tap & changed);
      maxima[i] = larger;
    }
  }

  private static void windows(float[] x, float[] y, int[] places, PoolWindows w) {
    int at = 0;
    for (int d = 0; d < w.outputs[0]; d++) {
      for (int h = 0; h < w.outputs[1]; h++) {
        int start = w.starts[0][d] + w.starts[1][h];
        for (int i = 0; i < w.outputs[2]; i++) {
          float best = Float.NEGATIVE_INFINITY;
          int place = -1;
          for (int kd = w.firsts[0][d]; kd < w.ends[0][d]; kd++) {
            for (int kh = w.firsts[1][h]; kh < w.ends[1][h]; kh++) {
              int row = start + w.starts[2][i] + kd * w.kernelSteps[0] + kh * w.kernelSteps[1];
              int element = (kd * w.kernel[1] + kh) * w.kernel[2];
              for (int k = w.firsts[2][i]; k < w.ends[2][i]; k++) {
                float value = x[row + k * w.kernelSteps[2]];
                boolean firstNaN = Float.isNaN(value) && !Float.isNaN(best);
                if (value > best || firstNaN || place < 0) {
                  best = value;
                  place = element + k;
                }
              }
            }
          }
          y[at] = best;
          places[at++] = place;
        }
      }
    }
  }

  static Kernel backward(OpCall call) {
    int unit = PoolPlanes.unit(call);
    PoolWindows windows = new PoolWindows(call.attributes(PoolingAttributes.class).window());
    int[] starts = starts(windows, unit);
    int[] offsets = windows.offsets();
    Arrays.setAll(offsets, i -> offsets[i] * unit);
    Positions positions = Positions.of(call.input(1));
    int out = starts.length;
    return PoolPlanes.backward(
        call,
        windows,
        (g, dx, plane, s) -> positions.scatter(plane * out, g, dx, starts, offsets, out, s));
  }

  /** Returns where the window of each number of an output begins. */
  private static int[] starts(PoolWindows w, int unit) {
    int[] starts = new int[w.outputElements * unit];
    int at = 0;
    for (int d = 0; d < w.outputs[0]; d++) {
      for (int h = 0; h < w.outputs[1]; h++) {
        for (int i = 0; i < w.outputs[2]; i++) {
          for (int c = 0; c < unit; c++) {
            starts[at++] = (w.starts[0][d] + w.starts[1][h] + w.starts[2][i]) * unit + c;
          }
        }
      }
    }
    return starts;
  }

  /** Positions in windows, in one byte each or in four. */
  private record Positions(ByteBuffer bytes, @Nullable IntBuffer ints) {
    static Positions of(View view) {
      ByteBuffer bytes = Memory.requireBytes(view);
      return new Positions(bytes, view.dtype() == DType.I32 ? bytes.asIntBuffer() : null);
    }

    void put(int at, int[] places, int n, Scratch s) {
      if (ints != null) {
        ints.put(at, places, 0, n);
        return;
      }
      byte[] narrow = s.wideBytes(n);
      for (int i = 0; i < n; i++) {
        narrow[i] = (byte) places[i];
      }
      bytes.put(at, narrow, 0, n);
    }

    /** Adds each gradient of a plane to where its maximum was. */
    void scatter(int at, float[] g, float[] dx, int[] starts, int[] offsets, int n, Scratch s) {
      if (ints != null) {
        int[] places = s.wideInts(0, n);
        ints.get(at, places, 0, n);
        for (int i = 0; i < n; i++) {
          dx[starts[i] + offsets[places[i]]] += g[i];
        }
        return;
      }
      byte[] places = s.wideBytes(n);
      bytes.get(at, places, 0, n);
      for (int i = 0; i < n; i++) {
        dx[starts[i] + offsets[places[i] & 0xFF]] += g[i];
      }
    }
  }
}
