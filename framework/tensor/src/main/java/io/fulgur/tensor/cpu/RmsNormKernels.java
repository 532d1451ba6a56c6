package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Division of rows by the root of their mean square, and both of its gradients in one pass.
 *
 * <p>The gradients are taken of several rows at a time. Forward, a row has too little work for that
 * to pay.
 */
final class RmsNormKernels {
  private RmsNormKernels() {}

  static @Nullable Kernel forward(OpCall call) {
    if (!NormalizationKernels.isTaken(call)) {
      return null;
    }
    Floats x = Floats.of(call.input(0));
    Floats weight = Floats.of(call.input(1));
    Floats y = Floats.of(call.output(0));
    Floats rstds = Floats.of(call.output(1));
    int width = weight.limit();
    float[] w = new float[width];
    return () -> {
      weight.get(0, w);
      double epsilon = call.scalar(0);
      Parallel.rows(
          rstds.limit(),
          2L * width,
          (from, to, s) -> {
            float[] row = s.wide(0, width);
            for (int r = from; r < to; r++) {
              x.get(r * width, row, 0, width);
              double square = Sums.dot(row, 0, row, 0, width) / (double) width;
              float rstd = (float) (1 / Math.sqrt(square + epsilon));
              scale(row, rstd, w, width);
              y.put(r * width, row, 0, width);
              rstds.put(r, rstd);
            }
          });
    };
  }

  private static void scale(float[] row, float rstd, float[] w, int width) {
    for (int i = 0; i < width; i++) {
      row[i] = row[i] * rstd * w[i];
    }
  }

  static @Nullable Kernel backward(OpCall call) {
    if (!NormalizationKernels.isTaken(call)) {
      return null;
    }
    Floats grad = Floats.of(call.input(0));
    Floats x = Floats.of(call.input(1));
    Floats weight = Floats.of(call.input(2));
    Floats rstds = Floats.of(call.input(3));
    Floats dx = Floats.of(call.output(0));
    Floats dweight = Floats.of(call.output(1));
    int width = weight.limit();
    int together = RowKernels.together(width);
    float[] w = new float[together * width];
    // Each row of a block has sums of its own, which are added up at the end.
    Partials dw = new Partials(rstds.limit(), width, together * width);
    return () -> {
      RowKernels.repeat(weight, w);
      Parallel.rows(
          dw.parts(),
          4L * width * rstds.limit() / dw.parts(),
          (from, to, s) -> {
            float[] g = s.wide(0, together * width);
            float[] normal = s.wide(1, together * width);
            float[] rstd = s.wide(2, together * width);
            float[] products = s.wide(3, together * width);
            for (int part = from; part < to; part++) {
              float[] partOfWeight = dw.cleared(part);
              int end = dw.first(part + 1);
              for (int r = dw.first(part); r < end; r += together) {
                int n = Math.min(together, end - r);
                grad.get(r * width, g, 0, n * width);
                x.get(r * width, normal, 0, n * width);
                for (int i = 0; i < n; i++) {
                  Arrays.fill(rstd, i * width, (i + 1) * width, rstds.get(r + i));
                }
                accumulate(g, normal, rstd, w, partOfWeight, products, n * width);
                for (int i = 0; i < n; i++) {
                  float meanOfProduct = Sums.sum(products, i * width, width) / width;
                  Arrays.fill(products, i * width, (i + 1) * width, meanOfProduct);
                }
                gradient(g, normal, rstd, products, n * width);
                dx.put(r * width, g, 0, n * width);
              }
            }
          });
      float[] sums = dw.sum();
      RowKernels.addUp(sums, together, width, Scratch.current());
      dweight.put(0, sums, 0, width);
    };
  }

  /** Normalises, adds to the gradient of the weight, and multiplies by the weight. */
  private static void accumulate(
      float[] g, float[] x, float[] rstds, float[] w, float[] dw, float[] products, int n) {
    for (int i = 0; i < n; i++) {
      float normal = x[i] * rstds[i];
      float h = g[i] * w[i];
      x[i] = normal;
      dw[i] += g[i] * normal;
      products[i] = h * normal;
      g[i] = h;
    }
  }

  /*
   * With n = x rstd and h = grad w, all over one row: dx = rstd (h - n mean(h n)).
   */
  private static void gradient(
      float[] h, float[] normal, float[] rstds, float[] meansOfProduct, int n) {
    for (int i = 0; i < n; i++) {
      h[i] = rstds[i] * (h[i] - normal[i] * meansOfProduct[i]);
    }
  }
}
