package io.fulgur.tensor.cpu;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.PoolingAttributes;
import io.fulgur.tensor.functional.WindowGeometry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Maxima of windows and their gradient, a plane at a time. */
final class MaxPoolKernels {
  private MaxPoolKernels() {}

  static @Nullable Kernel forward(OpCall call) {
    if (!PoolPlanes.fits(call)) {
      return null;
    }
    WindowGeometry geometry = call.attributes(PoolingAttributes.class).window();
    PoolWindows windows = new PoolWindows(geometry);
    boolean quarters = windows.areQuarters(geometry);
    Positions positions = Positions.of(call.output(1));
    int size = windows.outputElements * positions.sizeBytes();
    return PoolPlanes.forward(
        call,
        windows,
        (x, y, plane, s) -> {
          byte[] where = s.wideBytes(size);
          if (quarters) {
            quarters(x, y, where, windows);
          } else {
            windows(x, y, where, positions, windows);
          }
          positions.bytes().put(plane * size, where, 0, size);
        });
  }

  private static void quarters(float[] x, float[] y, byte[] where, PoolWindows windows) {
    int width = windows.width();
    int columns = windows.outputs[2];
    for (int row = 0; row < windows.outputs[1]; row++) {
      int upper = 2 * row * width;
      int at = row * columns;
      for (int i = 0; i < columns; i++) {
        float a = x[upper + 2 * i];
        float b = x[upper + 2 * i + 1];
        float c = x[upper + width + 2 * i];
        float d = x[upper + width + 2 * i + 1];
        boolean right = b > a || Float.isNaN(b);
        boolean lowerRight = d > c || Float.isNaN(d);
        float top = right ? b : a;
        float bottom = lowerRight ? d : c;
        boolean lower = bottom > top || Float.isNaN(bottom);
        y[at + i] = lower ? bottom : top;
        where[at + i] = (byte) (lower ? (lowerRight ? 3 : 2) : right ? 1 : 0);
      }
    }
  }

  private static void windows(
      float[] x, float[] y, byte[] where, Positions positions, PoolWindows w) {
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
                if (value > best || Float.isNaN(value) || place < 0) {
                  best = value;
                  place = element + k;
                }
              }
            }
          }
          y[at] = best;
          positions.put(where, at++, place);
        }
      }
    }
  }

  static @Nullable Kernel backward(OpCall call) {
    if (!PoolPlanes.fits(call)) {
      return null;
    }
    PoolWindows windows = new PoolWindows(call.attributes(PoolingAttributes.class).window());
    int[] offsets = windows.offsets();
    Positions positions = Positions.of(call.input(1));
    int size = windows.outputElements * positions.sizeBytes();
    return PoolPlanes.backward(
        call,
        windows,
        (g, dx, plane, s) -> {
          byte[] where = s.wideBytes(size);
          positions.bytes().get(plane * size, where, 0, size);
          scatter(g, where, positions, dx, windows, offsets);
        });
  }

  private static void scatter(
      float[] g, byte[] where, Positions positions, float[] dx, PoolWindows w, int[] offsets) {
    int at = 0;
    for (int d = 0; d < w.outputs[0]; d++) {
      for (int h = 0; h < w.outputs[1]; h++) {
        int start = w.starts[0][d] + w.starts[1][h];
        for (int i = 0; i < w.outputs[2]; i++) {
          dx[start + w.starts[2][i] + offsets[positions.get(where, at)]] += g[at];
          at++;
        }
      }
    }
  }

  /** Positions in windows, in one byte each or in four. */
  private record Positions(ByteBuffer bytes, boolean wide) {
    static Positions of(View view) {
      return new Positions(Memory.requireBytes(view), view.dtype() == DType.I32);
    }

    int sizeBytes() {
      return wide ? 4 : 1;
    }

    void put(byte[] target, int index, int value) {
      if (wide) {
        INTS.set(target, 4 * index, value);
      } else {
        target[index] = (byte) value;
      }
    }

    int get(byte[] source, int index) {
      return wide ? (int) INTS.get(source, 4 * index) : source[index] & 0xFF;
    }

    private static final VarHandle INTS =
        MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
  }
}
