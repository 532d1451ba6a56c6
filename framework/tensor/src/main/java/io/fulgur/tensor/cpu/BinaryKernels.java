package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;
import java.util.Arrays;

/**
 * Functions of two tensors, broadcast; fastest of one shape, or where one is a scalar, a row
 * repeated down or a column repeated across.
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
      if (sameElements(a, y)) {
        return repeating(call, a, b, function);
      }
      if (sameElements(b, y)) {
        return repeating(call, b, a, (p, q, r, n) -> function.apply(q, p, r, n));
      }
      return broadcast(call, function);
    };
  }

  private static boolean sameElements(View view, View output) {
    return view.elements() == output.elements();
  }

  private static Kernel broadcast(OpCall call, Block function) {
    return broadcast(call, call.input(0), call.input(1), function);
  }

  /** Operands that repeat in any way: a run of elements with equal steps at a time. */
  private static Kernel broadcast(OpCall call, View left, View right, Block function) {
    BroadcastRuns runs = BroadcastRuns.of(call.output(0).shape(), left, right);
    Floats a = Floats.of(left);
    Floats b = Floats.of(right);
    Floats y = Floats.of(call.output(0));
    int run = runs.run();
    return () ->
        Parallel.run(
            y.limit(),
            (from, to, scratch) -> {
              int n;
              for (int i = from; i < to; i += n) {
                n = Math.min(Math.min(Scratch.BLOCK, to - i), run - i % run);
                read(a, runs.place(0, i), runs.step(0), scratch.a, n);
                read(b, runs.place(1, i), runs.step(1), scratch.b, n);
                function.apply(scratch.a, scratch.b, scratch.c, n);
                y.put(i, scratch.c, 0, n);
              }
            });
  }

  /** Reads neighbours, or one element for all. */
  private static void read(Floats x, int place, int step, float[] to, int n) {
    if (step == 0) {
      Arrays.fill(to, 0, n, x.get(place));
    } else {
      x.get(place, to, 0, n);
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

  /** Returns a kernel for a small operand that repeats. */
  private static Kernel repeating(OpCall call, View full, View small, Block function) {
    Shape out = call.output(0).shape();
    int rank = out.rank();
    int extra = rank - small.shape().rank();
    int inner = rank;
    while (inner > extra && small.shape().size(inner - 1 - extra) == out.size(inner - 1)) {
      inner--;
    }
    if (isOnes(small.shape(), extra, 0, inner)) {
      return rows(call, full, small, product(out, inner, rank), function);
    }
    int outer = rank;
    while (outer > extra && small.shape().size(outer - 1 - extra) == 1) {
      outer--;
    }
    for (int i = 0; i < outer; i++) {
      if (i < extra ? out.size(i) != 1 : small.shape().size(i - extra) != out.size(i)) {
        return broadcast(call, full, small, function);
      }
    }
    return columns(call, full, small, product(out, outer, rank), function);
  }

  private static boolean isOnes(Shape small, int extra, int from, int to) {
    for (int i = Math.max(from, extra); i < to; i++) {
      if (small.size(i - extra) != 1) {
        return false;
      }
    }
    return true;
  }

  private static int product(Shape shape, int from, int to) {
    long product = 1;
    for (int i = from; i < to; i++) {
      product *= shape.size(i);
    }
    return (int) product;
  }

  /** The small operand is a vector of {@code width} that repeats for each row. */
  private static Kernel rows(OpCall call, View full, View small, int width, Block function) {
    Floats a = Floats.of(full);
    Floats b = Floats.of(small);
    Floats y = Floats.of(call.output(0));
    Scratch scratch = Scratch.current();
    if (width > Scratch.BLOCK / 2) {
      return () -> {
        for (int row = 0; row < y.limit(); row += width) {
          for (int i = 0; i < width; i += Scratch.BLOCK) {
            int n = Math.min(Scratch.BLOCK, width - i);
            a.get(row + i, scratch.a, 0, n);
            b.get(i, scratch.b, 0, n);
            function.apply(scratch.a, scratch.b, scratch.c, n);
            y.put(row + i, scratch.c, 0, n);
          }
        }
      };
    }
    // Several short rows at a time: the small operand is tiled over a block once.
    int rowsInBlock = Scratch.BLOCK / width;
    int block = rowsInBlock * width;
    return () -> {
      int elements = y.limit();
      int tiled = Math.min(block, elements);
      b.get(0, scratch.b, 0, width);
      for (int at = width; at < tiled; at += width) {
        System.arraycopy(scratch.b, 0, scratch.b, at, width);
      }
      for (int i = 0; i < elements; i += block) {
        int n = Math.min(block, elements - i);
        a.get(i, scratch.a, 0, n);
        function.apply(scratch.a, scratch.b, scratch.c, n);
        y.put(i, scratch.c, 0, n);
      }
    };
  }

  /** Each element of the small operand repeats {@code width} times in a row. */
  private static Kernel columns(OpCall call, View full, View small, int width, Block function) {
    Floats a = Floats.of(full);
    Floats b = Floats.of(small);
    Floats y = Floats.of(call.output(0));
    Scratch scratch = Scratch.current();
    return () -> {
      int rows = b.limit();
      for (int row = 0; row < rows; row++) {
        Arrays.fill(scratch.b, 0, Math.min(width, Scratch.BLOCK), b.get(row));
        int start = row * width;
        for (int i = 0; i < width; i += Scratch.BLOCK) {
          int n = Math.min(Scratch.BLOCK, width - i);
          a.get(start + i, scratch.a, 0, n);
          function.apply(scratch.a, scratch.b, scratch.c, n);
          y.put(start + i, scratch.c, 0, n);
        }
      }
    };
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

  static void reluBackward(float[] grad, float[] out, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = out[i] <= 0 ? 0 : grad[i];
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
