package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.functional.PoolingAttributes;
import io.fulgur.tensor.functional.WindowGeometry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes pooling through its images a plane at a time, in heap arrays; through channels-last images
 * one at a time.
 */
final class PoolPlanes {
  private PoolPlanes() {}

  /** What is done with a plane. */
  @FunctionalInterface
  interface Plane {
    /**
     * Computes one plane from another.
     *
     * @param number which plane it is
     */
    void pool(float[] from, float[] to, int number, Scratch s);
  }

  /** Fewer numbers of an output's plane are not worth vectors. */
  private static final int FEW = 16;

  /** Returns how many numbers lie together: those of the channels, if they come last. */
  static int unit(OpCall call) {
    boolean last = call.attributes(PoolingAttributes.class).format() != MemoryFormat.ROW_MAJOR;
    return last ? (int) call.input(0).shape().size(1) : 1;
  }

  /** Returns whether there is a kernel: one for channels that come last needs equal windows. */
  static boolean fits(OpCall call) {
    return unit(call) == 1 || !call.attributes(PoolingAttributes.class).window().isAdaptive();
  }

  /** Returns how to look at all windows at once, or null where that is not worth it. */
  static @Nullable Taps taps(OpCall call) {
    WindowGeometry window = call.attributes(PoolingAttributes.class).window();
    int unit = unit(call);
    boolean many = unit != 1 || window.outputElements() >= FEW;
    return many && !window.isAdaptive() ? new Taps(window, unit) : null;
  }

  /** Makes planes of windows out of planes of elements. */
  static Kernel forward(OpCall call, PoolWindows windows, Plane plane) {
    Floats x = Floats.of(call.input(0));
    Floats y = Floats.of(call.output(0));
    int in = windows.inputElements * unit(call);
    int out = windows.outputElements * unit(call);
    int planes = out == 0 ? 0 : y.limit() / out;
    return () ->
        Parallel.rows(
            planes,
            2L * in,
            (from, to, s) -> {
              float[] elements = s.wide(0, in);
              float[] pooled = s.wide(1, out);
              for (int p = from; p < to; p++) {
                x.get(p * in, elements, 0, in);
                plane.pool(elements, pooled, p, s);
                y.put(p * out, pooled, 0, out);
              }
            });
  }

  /** Adds to planes of elements, all 0, from planes of windows. */
  static Kernel backward(OpCall call, PoolWindows windows, Plane plane) {
    Floats grad = Floats.of(call.input(0));
    Floats dx = Floats.of(call.output(0));
    int in = windows.inputElements * unit(call);
    int out = windows.outputElements * unit(call);
    int planes = in == 0 ? 0 : dx.limit() / in;
    return () ->
        Parallel.rows(
            planes,
            2L * in,
            (from, to, s) -> {
              float[] elements = s.wide(0, in);
              float[] pooled = s.wide(1, out);
              for (int p = from; p < to; p++) {
                grad.get(p * out, pooled, 0, out);
                Arrays.fill(elements, 0, in, 0);
                plane.pool(pooled, elements, p, s);
                dx.put(p * in, elements, 0, in);
              }
            });
  }
}
