package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** Normalisation of groups of channels of each sample, and its gradients. */
final class GroupNormKernels {
  private GroupNormKernels() {}

  /**
   * How a call's input is divided.
   *
   * @param rows groups of all samples
   * @param channels in a group
   * @param plane elements of a channel of a sample
   */
  private record Division(int rows, int channels, int plane, int groups) {
    static Division of(OpCall call, Shape x) {
      int groups = call.attributes(Integer.class);
      int rows = (int) x.size(0) * groups;
      int channels = (int) x.size(1) / groups;
      return new Division(rows, channels, (int) (x.elements() / ((long) rows * channels)), groups);
    }

    int width() {
      return channels * plane;
    }

    /** Returns the first channel of a row. */
    int firstChannel(int row) {
      return row % groups * channels;
    }
  }

  static @Nullable Kernel forward(OpCall call) {
    if (!NormalizationKernels.isTaken(call) || call.input(0).elements() == 0) {
      return null;
    }
    Division d = Division.of(call, call.input(0).shape());
    Floats x = Floats.of(call.input(0));
    Floats weight = Floats.of(call.input(1));
    Floats bias = Floats.of(call.input(2));
    Floats y = Floats.of(call.output(0));
    Floats means = Floats.of(call.output(1));
    Floats rstds = Floats.of(call.output(2));
    int width = d.width();
    return () -> {
      double epsilon = call.scalar(0);
      Parallel.rows(
          d.rows,
          2L * width,
          (from, to, s) -> {
            float[] row = s.wide(0, width);
            float[] squares = s.wide(1, width);
            for (int r = from; r < to; r++) {
              x.get(r * width, row, 0, width);
              float mean = Sums.sum(row, 0, width) / width;
              center(row, squares, width, mean);
              double variance = Sums.sum(squares, 0, width) / (double) width;
              float rstd = (float) (1 / Math.sqrt(variance + epsilon));
              for (int c = 0; c < d.channels; c++) {
                int channel = d.firstChannel(r) + c;
                float scale = rstd * weight.get(channel);
                scale(row, c * d.plane, (c + 1) * d.plane, scale, bias.get(channel));
              }
              y.put(r * width, row, 0, width);
              means.put(r, mean);
              rstds.put(r, rstd);
            }
          });
    };
  }

  private static void center(float[] x, float[] squares, int n, float mean) {
    for (int i = 0; i < n; i++) {
      float d = x[i] - mean;
      x[i] = d;
      squares[i] = d * d;
    }
  }

  private static void scale(float[] x, int from, int to, float scale, float shift) {
    for (int i = from; i < to; i++) {
      x[i] = x[i] * scale + shift;
    }
  }

  static @Nullable Kernel backward(OpCall call) {
    if (!NormalizationKernels.isTaken(call) || call.input(1).elements() == 0) {
      return null;
    }
    Division d = Division.of(call, call.input(1).shape());
    Floats grad = Floats.of(call.input(0));
    Floats x = Floats.of(call.input(1));
    Floats weight = Floats.of(call.input(2));
    Floats means = Floats.of(call.input(3));
    Floats rstds = Floats.of(call.input(4));
    Floats dx = Floats.of(call.output(0));
    Floats dweight = Floats.of(call.output(1));
    Floats dbias = Floats.of(call.output(2));
    int width = d.width();
    // Of each sample and channel, so that the sums do not depend on who computed which.
    float[] products = new float[d.rows * d.channels];
    float[] sums = new float[d.rows * d.channels];
    return () -> {
      Parallel.rows(
          d.rows,
          4L * width,
          (from, to, s) -> {
            float[] g = s.wide(0, width);
            float[] n = s.wide(1, width);
            for (int r = from; r < to; r++) {
              grad.get(r * width, g, 0, width);
              x.get(r * width, n, 0, width);
              float rstd = rstds.get(r);
              normalize(n, means.get(r), rstd, width);
              double sum = 0;
              double product = 0;
              for (int c = 0; c < d.channels; c++) {
                int at = r * d.channels + c;
                sums[at] = Sums.sum(g, c * d.plane, d.plane);
                products[at] = Sums.dot(g, c * d.plane, n, c * d.plane, d.plane);
                float w = weight.get(d.firstChannel(r) + c);
                sum += w * sums[at];
                product += w * products[at];
              }
              for (int c = 0; c < d.channels; c++) {
                float w = weight.get(d.firstChannel(r) + c);
                float meanOfGrad = (float) (sum / width);
                float meanOfProduct = (float) (product / width);
                int end = (c + 1) * d.plane;
                gradient(g, n, c * d.plane, end, w, rstd, meanOfGrad, meanOfProduct);
              }
              dx.put(r * width, g, 0, width);
            }
          });
      addUp(products, dweight);
      addUp(sums, dbias);
    };
  }

  private static void normalize(float[] x, float mean, float rstd, int width) {
    for (int i = 0; i < width; i++) {
      x[i] = (x[i] - mean) * rstd;
    }
  }

  /*
   * With n = (x - mean) rstd and h = grad weight, over each row:
   * dx = rstd (h - mean(h) - n mean(h n)).
   */
  private static void gradient(
      float[] g,
      float[] n,
      int from,
      int to,
      float weight,
      float rstd,
      float meanOfGrad,
      float meanOfProduct) {
    for (int i = from; i < to; i++) {
      g[i] = rstd * (g[i] * weight - meanOfGrad - n[i] * meanOfProduct);
    }
  }

  /** Sums over the samples. */
  private static void addUp(float[] ofSamples, Floats target) {
    int channels = target.limit();
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int at = c; at < ofSamples.length; at += channels) {
        sum += ofSamples[at];
      }
      target.put(c, (float) sum);
    }
  }
}
