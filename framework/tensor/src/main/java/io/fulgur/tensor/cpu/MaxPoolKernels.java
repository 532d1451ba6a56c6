package io.fulgur.tensor.cpu;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.PoolingAttributes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Maxima of windows and their gradient, a plane at a time. */
final class MaxPoolKernels {
  private MaxPoolKernels() {}

  static @Nullable Kernel forward(OpCall call) {
    PoolingAttributes attributes = call.attributes(PoolingAttributes.class);
    if (attributes.format() != MemoryFormat.ROW_MAJOR) {
      return null;
    }
    PoolWindows windows = new PoolWindows(attributes.window());
    boolean quarters = windows.areQuarters(attributes.window());
    Floats x = Floats.of(call.input(0));
    Floats y = Floats.of(call.output(0));
    Positions positions = Positions.of(call.output(1));
    int in = windows.inputElements;
    int out = windows.outputElements;
    int planes = y.limit() / out;
    return () ->
        Parallel.rows(
            planes,
            2L * in,
            (from, to, s) -> {
              float[] plane = s.wide(0, in);
              float[] maxima = s.wide(1, out);
              byte[] where = s.wideBytes(out * positions.sizeBytes());
              for (int p = from; p < to; p++) {
                x.get(p * in, plane, 0, in);
                if (quarters) {
                  quarters(plane, maxima, where, windows);
                } else {
                  windows(plane, maxima, where, positions, windows);
                }
                y.put(p * out, maxima, 0, out);
                positions
                    .bytes()
                    .put(p * out * positions.sizeBytes(), where, 0, out * positions.sizeBytes());
              }
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
    PoolingAttributes attributes = call.attributes(PoolingAttributes.class);
    if (attributes.format() != MemoryFormat.ROW_MAJOR) {
      return null;
    }
    PoolWindows windows = new PoolWindows(attributes.window());
    int[] offsets = windows.offsets();
    Floats grad = Floats.of(call.input(0));
    Positions positions = Positions.of(call.input(1));
    Floats dx = Floats.of(call.output(0));
    int in = windows.inputElements;
    int out = windows.outputElements;
    int planes = dx.limit() / in;
    return () ->
        Parallel.rows(
            planes,
            2L * in,
            (from, to, s) -> {
              float[] plane = s.wide(0, in);
              float[] g = s.wide(1, out);
              byte[] where = s.wideBytes(out * positions.sizeBytes());
              for (int p = from; p < to; p++) {
                grad.get(p * out, g, 0, out);
                positions
                    .bytes()
                    .get(p * out * positions.sizeBytes(), where, 0, out * positions.sizeBytes());
                Arrays.fill(plane, 0, in, 0);
                scatter(g, where, positions, plane, windows, offsets);
                dx.put(p * in, plane, 0, in);
              }
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
