package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.util.Arrays;

/**
 * Layer normalisation of rows, and all three of its gradients in one pass, several rows at a time:
 * what is one number for a row is spread over it, so that a loop goes over all rows at once.
 */
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
    float[] w = new float[together * width];
    float[] b = new float[together * width];
    return () -> {
      RowKernels.repeat(weight, w);
      RowKernels.repeat(bias, b);
      double epsilon = call.scalar(0);
      Parallel.rows(
          means.limit(),
          (long) COST * width,
          (from, to, s) -> {
            float[] rows = s.wide(0, together * width);
            float[] squares = s.wide(1, together * width);
            float[] ofRow = s.wide(2, together * width);
            for (int r = from; r < to; r += together) {
              int n = Math.min(together, to - r);
              x.get(r * width, rows, 0, n * width);
              for (int i = 0; i < n; i++) {
                float mean = Sums.sum(rows, i * width, width) / width;
                means.put(r + i, mean);
                Arrays.fill(ofRow, i * width, (i + 1) * width, mean);
              }
              center(rows, ofRow, squares, n * width);
              for (int i = 0; i < n; i++) {
                float variance = Sums.sum(squares, i * width, width) / width;
                float rstd = (float) (1 / Math.sqrt(variance + epsilon));
                rstds.put(r + i, rstd);
                Arrays.fill(ofRow, i * width, (i + 1) * width, rstd);
              }
              scale(rows, ofRow, w, b, n * width);
              y.put(r * width, rows, 0, n * width);
            }
          });
    };
  }

  private static void center(float[] x, float[] means, float[] squares, int n) {
    for (int i = 0; i < n; i++) {
      float d = x[i] - means[i];
      x[i] = d;
      squares[i] = d * d;
    }
  }

  private static void scale(float[] x, float[] rstds, float[] w, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = x[i] * rstds[i] * w[i] + b[i];
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
    float[] w = new float[together * width];
    // Each row of a block has sums of its own, which are added up at the end.
    float[][] dw = new float[pieces][together * width];
    float[][] db = new float[pieces][together * width];
    Parallel.Range range =
        (from, to, s) -> {
          float[] g = s.wide(0, together * width);
          float[] normal = s.wide(1, together * width);
          float[] rstd = s.wide(2, together * width);
          float[] ofRow = s.wide(3, together * width);
          float[] products = s.wide(4, together * width);
          for (int piece = from; piece < to; piece++) {
            Arrays.fill(dw[piece], 0);
            Arrays.fill(db[piece], 0);
            int end = Math.min(rows, (piece + 1) * size);
            for (int r = piece * size; r < end; r += together) {
              int n = Math.min(together, end - r);
              grad.get(r * width, g, 0, n * width);
              x.get(r * width, normal, 0, n * width);
              for (int i = 0; i < n; i++) {
                Arrays.fill(ofRow, i * width, (i + 1) * width, means.get(r + i));
                Arrays.fill(rstd, i * width, (i + 1) * width, rstds.get(r + i));
              }
              normalize(normal, ofRow, rstd, n * width);
              parameters(g, normal, dw[piece], db[piece], n * width);
              multiply(g, w, normal, products, n * width);
              for (int i = 0; i < n; i++) {
                float meanOfGrad = Sums.sum(g, i * width, width) / width;
                float meanOfProduct = Sums.sum(products, i * width, width) / width;
                Arrays.fill(ofRow, i * width, (i + 1) * width, meanOfGrad);
                Arrays.fill(products, i * width, (i + 1) * width, meanOfProduct);
              }
              gradient(g, normal, rstd, ofRow, products, n * width);
              dx.put(r * width, g, 0, n * width);
            }
          }
        };
    return () -> {
      RowKernels.repeat(weight, w);
      Parallel.rows(pieces, (long) COST * size * width, range);
      for (int piece = 1; piece < pieces; piece++) {
        add(dw[0], dw[piece]);
        add(db[0], db[piece]);
      }
      RowKernels.addUp(dw[0], together, width, Scratch.current());
      RowKernels.addUp(db[0], together, width, Scratch.current());
      dweight.put(0, dw[0], 0, width);
      dbias.put(0, db[0], 0, width);
    };
  }

  private static void add(float[] sums, float[] x) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += x[i];
    }
  }

  private static void normalize(float[] x, float[] means, float[] rstds, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = (x[i] - means[i]) * rstds[i];
    }
  }

  private static void parameters(float[] g, float[] normal, float[] dw, float[] db, int n) {
    for (int i = 0; i < n; i++) {
      dw[i] += g[i] * normal[i];
      db[i] += g[i];
    }
  }

  private static void multiply(float[] g, float[] w, float[] normal, float[] products, int n) {
    for (int i = 0; i < n; i++) {
      float h = g[i] * w[i];
      g[i] = h;
      products[i] = h * normal[i];
    }
  }

  /*
   * With n = (x - mean) rstd and h = grad w, all over one row of length k:
   * dx = rstd (h - mean(h) - n mean(h n)).
   */
  private static void gradient(
      float[] h,
      float[] normal,
      float[] rstds,
      float[] meansOfGrad,
      float[] meansOfProduct,
      int n) {
    for (int i = 0; i < n; i++) {
      h[i] = rstds[i] * (h[i] - meansOfGrad[i] - normal[i] * meansOfProduct[i]);
    }
  }
}
