package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;
import java.util.Arrays;

/**
 * Functions of two tensors, broadcast; fastest of one shape, or where one is a scalar or a row
 * repeated down.
 */
final class BinaryKernels {
  private BinaryKernels() {}

  /** A function of two blocks. */
  @FunctionalInterface
  interface Block {
    void apply(float[] a, float[] b, float[] y, int n);
  }

  static KernelFactory of(Block function) {
    return call -> {
      View a = call.input(0);
      View b = call.input(1);
      View y = call.output(0);
      if (sameElements(a, y) && sameElements(b, y)) {
        return elementwise(call, function);
      }
      int width = repeatedRow(y.shape(), b);
      if (sameElements(a, y) && width > 0) {
        return rows(call, a, b, width, function);
      }
      width = repeatedRow(y.shape(), a);
      if (sameElements(b, y) && width > 0) {
        return rows(call, b, a, width, (p, q, r, n) -> function.apply(q, p, r, n));
      }
      return broadcast(call, function);
    };
  }

  private static boolean sameElements(View view, View output) {
    return view.elements() == output.elements();
  }

  /** Operands that repeat in any way. */
  private static Kernel broadcast(OpCall call, Block function) {
    BroadcastRuns runs = BroadcastRuns.of(call);
    Floats a = Floats.of(call.input(0));
    Floats b = Floats.of(call.input(1));
    Floats y = Floats.of(call.output(0));
    return () ->
        Parallel.run(
            y.limit(),
            (from, to, scratch) -> {
              for (int i = from; i < to; i += Scratch.BLOCK) {
                int n = Math.min(Scratch.BLOCK, to - i);
                read(a, runs, 0, i, scratch.a, n, y.limit());
                read(b, runs, 1, i, scratch.b, n, y.limit());
                function.apply(scratch.a, scratch.b, scratch.c, n);
                y.put(i, scratch.c, 0, n);
              }
            });
  }

  /** Reads a block: neighbours, or what repeats, a run at a time. */
  private static void read(
      Floats x, BroadcastRuns runs, int operand, int from, float[] to, int n, int elements) {
    if (x.limit() == elements) {
      x.get(from, to, 0, n);
      return;
    }
    int run = runs.run();
    for (int i = 0; i < n; ) {
      int m = Math.min(n - i, run - (from + i) % run);
      int place = runs.place(operand, from + i);
      if (runs.step(operand) == 0) {
        Arrays.fill(to, i, i + m, x.get(place));
      } else {
        x.get(place, to, i, m);
      }
      i += m;
    }
  }

  private static Kernel elementwise(OpCall call, Block function) {
    Floats a = Floats.of(call.input(0));
    Floats b = Floats.of(call.input(1));
    Floats y = Floats.of(call.output(0));
    return () ->
        Parallel.run(
            y.limit(),
            (from, to, scratch) -> {
              for (int i = from; i < to; i += Scratch.BLOCK) {
                int n = Math.min(Scratch.BLOCK, to - i);
                a.get(i, scratch.a, 0, n);
                b.get(i, scratch.b, 0, n);
                function.apply(scratch.a, scratch.b, scratch.c, n);
                y.put(i, scratch.c, 0, n);
              }
            });
  }

  /**
   * Returns how many elements an operand has that is a row repeated down, or 0 if it is another.
   */
  private static int repeatedRow(Shape out, View small) {
    int rank = out.rank();
    int extra = rank - small.shape().rank();
    int inner = rank;
    while (inner > extra && small.shape().size(inner - 1 - extra) == out.size(inner - 1)) {
      inner--;
    }
    boolean repeats = small.elements() > 0;
    for (int i = extra; i < inner; i++) {
      repeats &= small.shape().size(i - extra) == 1;
    }
    return repeats ? (int) small.elements() : 0;
  }

  /** The small operand is a vector of {@code width} that repeats for each row. */
  private static Kernel rows(OpCall call, View full, View small, int width, Block function) {
    Floats a = Floats.of(full);
    Floats b = Floats.of(small);
    Floats y = Floats.of(call.output(0));
    int rows = y.limit() / width;
    if (width > Scratch.BLOCK / 2) {
      return () ->
          Parallel.rows(
              rows,
              width,
              (from, to, s) -> {
                for (int row = from * width; row < to * width; row += width) {
                  for (int i = 0; i < width; i += Scratch.BLOCK) {
                    int n = Math.min(Scratch.BLOCK, width - i);
                    a.get(row + i, s.a, 0, n);
                    b.get(i, s.b, 0, n);
                    function.apply(s.a, s.b, s.c, n);
                    y.put(row + i, s.c, 0, n);
                  }
                }
              });
    }
    // Several short rows at a time: the small operand is tiled over a block once.
    int block = Scratch.BLOCK / width * width;
    return () ->
        Parallel.rows(
            rows,
            width,
            (from, to, s) -> {
              int end = to * width;
              int tiled = Math.min(block, end - from * width);
              b.get(0, s.b, 0, width);
              for (int at = width; at < tiled; at += width) {
                System.arraycopy(s.b, 0, s.b, at, width);
              }
              for (int i = from * width; i < end; i += block) {
                int n = Math.min(block, end - i);
                a.get(i, s.a, 0, n);
                function.apply(s.a, s.b, s.c, n);
                y.put(i, s.c, 0, n);
              }
            });
  }

  static void add(float[] a, float[] b, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = a[i] + b[i];
    }
  }

  static void sub(float[] a, float[] b, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = a[i] - b[i];
    }
  }

  static void mul(float[] a, float[] b, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = a[i] * b[i];
    }
  }

  static void div(float[] a, float[] b, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = a[i] / b[i];
    }
  }

  static void maximum(float[] a, float[] b, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(a[i], b[i]);
    }
  }

  static void minimum(float[] a, float[] b, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.min(a[i], b[i]);
    }
  }

  static void tanhBackward(float[] grad, float[] out, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = grad[i] * (1 - out[i] * out[i]);
    }
  }

  static void sigmoidBackward(float[] grad, float[] out, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = grad[i] * out[i] * (1 - out[i]);
    }
  }
}
