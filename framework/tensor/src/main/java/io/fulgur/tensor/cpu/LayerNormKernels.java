package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Layer normalisation of rows, and all three of its gradients in one pass. */
final class LayerNormKernels {
  private LayerNormKernels() {}

  static Kernel forward(OpCall call) {
    FloatBuffer x = Memory.floats(call.input(0));
    FloatBuffer weight = Memory.floats(call.input(1));
    FloatBuffer bias = Memory.floats(call.input(2));
    FloatBuffer y = Memory.floats(call.output(0));
    FloatBuffer means = Memory.floats(call.output(1));
    FloatBuffer rstds = Memory.floats(call.output(2));
    int width = weight.limit();
    float[] row = new float[width];
    float[] w = new float[width];
    float[] b = new float[width];
    return () -> {
      weight.get(0, w);
      bias.get(0, b);
      double epsilon = call.scalar(0);
      for (int r = 0; r < means.limit(); r++) {
        x.get(r * width, row);
        float mean = mean(row);
        float rstd = (float) (1 / Math.sqrt(variance(row, mean) + epsilon));
        normalize(row, mean, rstd, w, b);
        y.put(r * width, row);
        means.put(r, mean);
        rstds.put(r, rstd);
      }
    };
  }

  private static float mean(float[] row) {
    double sum = 0;
    for (float x : row) {
      sum += x;
    }
    return (float) (sum / row.length);
  }

  private static double variance(float[] row, float mean) {
    double sum = 0;
    for (float x : row) {
      double d = x - mean;
      sum += d * d;
    }
    return sum / row.length;
  }

  private static void normalize(float[] row, float mean, float rstd, float[] w, float[] b) {
    for (int i = 0; i < row.length; i++) {
      row[i] = (row[i] - mean) * rstd * w[i] + b[i];
    }
  }

  static Kernel backward(OpCall call) {
    FloatBuffer grad = Memory.floats(call.input(0));
    FloatBuffer x = Memory.floats(call.input(1));
    FloatBuffer weight = Memory.floats(call.input(2));
    FloatBuffer means = Memory.floats(call.input(3));
    FloatBuffer rstds = Memory.floats(call.input(4));
    FloatBuffer dx = Memory.floats(call.output(0));
    FloatBuffer dweight = Memory.floats(call.output(1));
    FloatBuffer dbias = Memory.floats(call.output(2));
    int width = weight.limit();
    float[] w = new float[width];
    float[] g = new float[width];
    float[] normal = new float[width];
    float[] dw = new float[width];
    float[] db = new float[width];
    return () -> {
      weight.get(0, w);
      Arrays.fill(dw, 0);
      Arrays.fill(db, 0);
      for (int r = 0; r < means.limit(); r++) {
        grad.get(r * width, g);
        x.get(r * width, normal);
        row(g, normal, w, means.get(r), rstds.get(r), dw, db);
        dx.put(r * width, g);
      }
      dweight.put(0, dw);
      dbias.put(0, db);
    };
  }

  /*
   * With n = (x - mean) rstd and h = grad w, all over one row of length k:
   * dx = rstd (h - mean(h) - n mean(h n)).
   */
  private static void row(
      float[] g, float[] normal, float[] w, float mean, float rstd, float[] dw, float[] db) {
    double sum = 0;
    double dot = 0;
    for (int i = 0; i < g.length; i++) {
      float n = (normal[i] - mean) * rstd;
      normal[i] = n;
      dw[i] += g[i] * n;
      db[i] += g[i];
      float h = g[i] * w[i];
      g[i] = h;
      sum += h;
      dot += h * n;
    }
    float meanOfGrad = (float) (sum / g.length);
    float meanOfProduct = (float) (dot / g.length);
    for (int i = 0; i < g.length; i++) {
      g[i] = rstd * (g[i] - meanOfGrad - normal[i] * meanOfProduct);
    }
  }
}
