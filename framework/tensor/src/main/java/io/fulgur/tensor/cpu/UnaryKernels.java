package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Functions of one tensor, block by block. Each loop is its own method, so that it is vectorised.
 */
final class UnaryKernels {
  private UnaryKernels() {}

  /** A function of a block. */
  @FunctionalInterface
  interface Block {
    void apply(float[] x, float[] y, int n);
  }

  static KernelFactory of(Block function) {
    return call -> {
      Floats x = Floats.of(call.input(0));
      Floats y = Floats.of(call.output(0));
      return () ->
          Parallel.run(y.limit(), (from, to, scratch) -> run(x, y, from, to, scratch, function));
    };
  }

  private static void run(Floats x, Floats y, int from, int to, Scratch scratch, Block function) {
    for (int i = from; i < to; i += Scratch.BLOCK) {
      int n = Math.min(Scratch.BLOCK, to - i);
      x.get(i, scratch.a, 0, n);
      function.apply(scratch.a, scratch.b, n);
      y.put(i, scratch.b, 0, n);
    }
  }

  static Kernel fill(OpCall call) {
    Floats y = Floats.of(call.output(0));
    Scratch scratch = Scratch.current();
    return () -> {
      int elements = y.limit();
      Arrays.fill(scratch.a, 0, Math.min(Scratch.BLOCK, elements), (float) call.scalar(0));
      for (int i = 0; i < elements; i += Scratch.BLOCK) {
        y.put(i, scratch.a, 0, Math.min(Scratch.BLOCK, elements - i));
      }
    };
  }

  static @Nullable Kernel affine(OpCall call) {
    return of((x, y, n) -> affine(x, y, n, (float) call.scalar(0), (float) call.scalar(1)))
        .make(call);
  }

  static @Nullable Kernel clamp(OpCall call) {
    return of((x, y, n) -> clamp(x, y, n, (float) call.scalar(0), (float) call.scalar(1)))
        .make(call);
  }

  private static void affine(float[] x, float[] y, int n, float scale, float shift) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] * scale + shift;
    }
  }

  private static void clamp(float[] x, float[] y, int n, float low, float high) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.min(Math.max(x[i], low), high);
    }
  }

  static void abs(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.abs(x[i]);
    }
  }

  static void square(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] * x[i];
    }
  }

  static void sqrt(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (float) Math.sqrt(x[i]);
    }
  }

  static void reciprocal(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = 1 / x[i];
    }
  }

  static void relu(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(x[i], 0f);
    }
  }
}
