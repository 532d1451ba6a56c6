package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.util.Arrays;

/** Layer normalisation of rows, and all three of its gradients in one pass. */
final class LayerNormKernels {
  /** What an element costs here, in element-wise functions. */
  private static final int COST = 2;

  /** The most pieces in which the rows' gradients of weight and bias are added up. */
  private static final int PIECES = 8;

  private LayerNormKernels() {}

  static Kernel forward(OpCall call) {
    Floats x = Floats.of(call.input(0));
    Floats weight = Floats.of(call.input(1));
    Floats bias = Floats.of(call.input(2));
    Floats y = Floats.of(call.output(0));
    Floats means = Floats.of(call.output(1));
    Floats rstds = Floats.of(call.output(2));
    int width = weight.limit();
    int together = RowKernels.together(width);
    float[] w = new float[width];
    float[] b = new float[width];
    return () -> {
      weight.get(0, w);
      bias.get(0, b);
      double epsilon = call.scalar(0);
      Parallel.rows(
          means.limit(),
          (long) COST * width,
          (from, to, s) -> {
            float[] rows = s.wide(0, together * width);
            for (int r = from; r < to; r += together) {
              int n = Math.min(together, to - r);
              x.get(r * width, rows, 0, n * width);
              for (int i = 0; i < n; i++) {
                int start = i * width;
                float mean = Sums.sum(rows, start, width) / width;
                subtract(rows, start, width, mean);
                float variance = Sums.dot(rows, start, rows, start, width) / width;
                float rstd = (float) (1 / Math.sqrt(variance + epsilon));
                scale(rows, start, rstd, w, b);
                means.put(r + i, mean);
                rstds.put(r + i, rstd);
              }
              y.put(r * width, rows, 0, n * width);
            }
          });
    };
  }

  private static void subtract(float[] x, int from, int n, float value) {
    for (int i = from; i < from + n; i++) {
      x[i] -= value;
    }
  }

  private static void scale(float[] x, int from, float rstd, float[] w, float[] b) {
    for (int i = 0; i < w.length; i++) {
      x[from + i] = x[from + i] * rstd * w[i] + b[i];
    }
  }

  static Kernel backward(OpCall call) {
    Floats grad = Floats.of(call.input(0));
    Floats x = Floats.of(call.input(1));
    Floats weight = Floats.of(call.input(2));
    Floats means = Floats.of(call.input(3));
    Floats rstds = Floats.of(call.input(4));
    Floats dx = Floats.of(call.output(0));
    Floats dweight = Floats.of(call.output(1));
    Floats dbias = Floats.of(call.output(2));
    int width = weight.limit();
    int rows = means.limit();
    int together = RowKernels.together(width);
    // Pieces of fixed size, so that the sums do not depend on who adds them up.
    int size = Math.max(together, (rows + PIECES - 1) / PIECES);
    int pieces = Math.max(1, (rows + size - 1) / size);
    float[] w = new float[width];
    float[][] dw = new float[pieces][width];
    float[][] db = new float[pieces][width];
    Parallel.Range range =
        (from, to, s) -> {
          float[] g = s.wide(0, together * width);
          float[] normal = s.wide(1, together * width);
          for (int piece = from; piece < to; piece++) {
            Arrays.fill(dw[piece], 0);
            Arrays.fill(db[piece], 0);
            int end = Math.min(rows, (piece + 1) * size);
            for (int r = piece * size; r < end; r += together) {
              int n = Math.min(together, end - r);
              grad.get(r * width, g, 0, n * width);
              x.get(r * width, normal, 0, n * width);
              for (int i = 0; i < n; i++) {
                row(
                    g,
                    normal,
                    i * width,
                    w,
                    means.get(r + i),
                    rstds.get(r + i),
                    dw[piece],
                    db[piece]);
              }
              dx.put(r * width, g, 0, n * width);
            }
          }
        };
    return () -> {
      weight.get(0, w);
      Parallel.rows(pieces, (long) COST * size * width, range);
      for (int piece = 1; piece < pieces; piece++) {
        add(dw[0], dw[piece]);
        add(db[0], db[piece]);
      }
      dweight.put(0, dw[0]);
      dbias.put(0, db[0]);
    };
  }

  private static void add(float[] sums, float[] x) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += x[i];
    }
  }

  /*
   * With n = (x - mean) rstd and h = grad w, all over one row of length k:
   * dx = rstd (h - mean(h) - n mean(h n)).
   */
  private static void row(
      float[] g,
      float[] normal,
      int from,
      float[] w,
      float mean,
      float rstd,
      float[] dw,
      float[] db) {
    int width = w.length;
    normalize(normal, from, width, mean, rstd);
    parameters(g, normal, from, dw, db);
    multiply(g, from, w);
    float meanOfGrad = Sums.sum(g, from, width) / width;
    float meanOfProduct = Sums.dot(g, from, normal, from, width) / width;
    for (int i = from; i < from + width; i++) {
      g[i] = rstd * (g[i] - meanOfGrad - normal[i] * meanOfProduct);
    }
  }

  private static void normalize(float[] x, int from, int n, float mean, float rstd) {
    for (int i = from; i < from + n; i++) {
      x[i] = (x[i] - mean) * rstd;
    }
  }

  private static void parameters(float[] g, float[] normal, int from, float[] dw, float[] db) {
    for (int i = 0; i < dw.length; i++) {
      dw[i] += g[from + i] * normal[from + i];
    }
    for (int i = 0; i < db.length; i++) {
      db[i] += g[from + i];
    }
  }

  private static void multiply(float[] x, int from, float[] factors) {
    for (int i = 0; i < factors.length; i++) {
      x[from + i] *= factors[i];
    }
  }
}
