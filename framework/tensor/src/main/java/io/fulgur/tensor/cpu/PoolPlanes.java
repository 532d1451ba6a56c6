package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.functional.PoolingAttributes;
import java.util.Arrays;

/** Takes pooling through its images a plane at a time, in heap arrays. */
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

  /** Returns whether the planes of a call are each in one piece. */
  static boolean fits(OpCall call) {
    return call.attributes(PoolingAttributes.class).format() == MemoryFormat.ROW_MAJOR;
  }

  /** Makes planes of windows out of planes of elements. */
  static Kernel forward(OpCall call, PoolWindows windows, Plane plane) {
    Floats x = Floats.of(call.input(0));
    Floats y = Floats.of(call.output(0));
    int in = windows.inputElements;
    int out = windows.outputElements;
    int planes = y.limit() / out;
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
    int in = windows.inputElements;
    int out = windows.outputElements;
    int planes = dx.limit() / in;
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
