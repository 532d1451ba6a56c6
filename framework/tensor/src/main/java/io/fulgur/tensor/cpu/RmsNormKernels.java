package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import org.jspecify.annotations.Nullable;

/** Division of rows by the root of their mean square, and both of its gradients in one pass. */
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
    float[] w = new float[width];
    Partials dw = new Partials(rstds.limit(), width);
    return () -> {
      weight.get(0, w);
      Parallel.rows(
          dw.parts(),
          4L * width * rstds.limit() / dw.parts(),
          (from, to, s) -> {
            float[] g = s.wide(0, width);
            float[] n = s.wide(1, width);
            for (int part = from; part < to; part++) {
              float[] partOfWeight = dw.cleared(part);
              for (int r = dw.first(part); r < dw.first(part + 1); r++) {
                grad.get(r * width, g, 0, width);
                x.get(r * width, n, 0, width);
                float rstd = rstds.get(r);
                accumulate(g, n, rstd, w, partOfWeight, width);
                gradient(g, n, rstd, Sums.dot(g, 0, n, 0, width) / width, width);
                dx.put(r * width, g, 0, width);
              }
            }
          });
      dweight.put(0, dw.sum());
    };
  }

  /** Normalises, adds to the gradient of the weight, and multiplies by the weight. */
  private static void accumulate(
      float[] g, float[] x, float rstd, float[] w, float[] dw, int width) {
    for (int i = 0; i < width; i++) {
      float n = x[i] * rstd;
      x[i] = n;
      dw[i] += g[i] * n;
      g[i] *= w[i];
    }
  }

  /*
   * With n = x rstd and h = grad w, all over one row: dx = rstd (h - n mean(h n)).
   */
  private static void gradient(float[] h, float[] n, float rstd, float meanOfProduct, int width) {
    for (int i = 0; i < width; i++) {
      h[i] = rstd * (h[i] - n[i] * meanOfProduct);
    }
  }
}
