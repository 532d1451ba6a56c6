package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Shape;
import java.nio.LongBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation, a channel at a time.
 *
 * <p>Memory traffic is what takes the time. Both statistics are taken in one pass, of the distance
 * from the channel's first value: that is close enough to the mean for the difference of two sums
 * to keep its digits. They are added up as vectors, a block of the channel onto the one before.
 */
final class BatchNormKernels {
  /** Values next to each other; fetching fewer takes longer than composing whole passes. */
  private static final int LEAST_PLANE = 4;

  private BatchNormKernels() {}

  /** Where the values of a channel are: one plane for each sample. */
  private record Planes(int samples, int channels, int size) {
    static @Nullable Planes of(OpCall call, Shape x) {
      int channels = (int) x.size(1);
      int size = (int) (x.elements() / Math.max(1, x.size(0) * channels));
      boolean fits =
          call.attributes(MemoryFormat.class) == MemoryFormat.ROW_MAJOR
              && NormalizationKernels.isTaken(call)
              && x.elements() > 0
              && size >= LEAST_PLANE;
      return fits ? new Planes((int) x.size(0), channels, size) : null;
    }

    int count() {
      return samples * size;
    }

    /** Calls a function for each stretch of a channel that fits into a block. */
    void forEach(int channel, Stretch function) {
      for (int n = 0; n < samples; n++) {
        int start = (n * channels + channel) * size;
        for (int i = 0; i < size; i += Scratch.BLOCK) {
          function.apply(start + i, Math.min(Scratch.BLOCK, size - i));
        }
      }
    }
  }

  @FunctionalInterface
  private interface Stretch {
    void apply(int at, int n);
  }

  static @Nullable Kernel forward(OpCall call) {
    Planes planes = Planes.of(call, call.input(0).shape());
    if (planes == null) {
      return null;
    }
    Floats x = Floats.of(call.input(0));
    Floats weight = Floats.of(call.input(1));
    Floats bias = Floats.of(call.input(2));
    Floats y = Floats.of(call.output(0));
    Floats means = Floats.of(call.output(1));
    Floats variances = Floats.of(call.output(2));
    return () -> {
      double epsilon = call.scalar(0);
      Parallel.rows(
          planes.channels,
          3L * planes.count(),
          (from, to, s) -> {
            for (int c = from; c < to; c++) {
              float near = x.get(c * planes.size);
              Arrays.fill(s.b, 0);
              Arrays.fill(s.c, 0);
              planes.forEach(
                  c,
                  (at, n) -> {
                    x.get(at, s.a, 0, n);
                    addDistances(s.a, near, s.b, s.c, n);
                  });
              double distance = total(s.b) / planes.count();
              float mean = (float) (near + distance);
              double variance = Math.max(0, total(s.c) / planes.count() - distance * distance);
              means.put(c, mean);
              variances.put(c, (float) variance);
              float scale = (float) (weight.get(c) / Math.sqrt(variance + epsilon));
              normalize(planes, c, x, y, mean, scale, bias.get(c), s);
            }
          });
    };
  }

  private static void addDistances(float[] x, float near, float[] sums, float[] squares, int n) {
    for (int i = 0; i < n; i++) {
      float d = x[i] - near;
      sums[i] += d;
      squares[i] += d * d;
    }
  }

  private static double total(float[] sums) {
    double total = 0;
    for (float sum : sums) {
      total += sum;
    }
    return total;
  }

  private static void normalize(
      Planes planes,
      int channel,
      Floats x,
      Floats y,
      float mean,
      float scale,
      float shift,
      Scratch s) {
    planes.forEach(
        channel,
        (at, n) -> {
          x.get(at, s.a, 0, n);
          scale(s.a, mean, scale, shift, n);
          y.put(at, s.a, 0, n);
        });
  }

  private static void scale(float[] x, float mean, float scale, float shift, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = (x[i] - mean) * scale + shift;
    }
  }

  static @Nullable Kernel inference(OpCall call) {
    Planes planes = Planes.of(call, call.input(0).shape());
    if (planes == null) {
      return null;
    }
    Floats x = Floats.of(call.input(0));
    Floats means = Floats.of(call.input(1));
    Floats variances = Floats.of(call.input(2));
    Floats weight = Floats.of(call.input(3));
    Floats bias = Floats.of(call.input(4));
    Floats y = Floats.of(call.output(0));
    return () -> {
      double epsilon = call.scalar(0);
      Parallel.rows(
          planes.channels,
          planes.count(),
          (from, to, s) -> {
            for (int c = from; c < to; c++) {
              float scale = (float) (weight.get(c) / Math.sqrt(variances.get(c) + epsilon));
              normalize(planes, c, x, y, means.get(c), scale, bias.get(c), s);
            }
          });
    };
  }

  static @Nullable Kernel backward(OpCall call) {
    Planes planes = Planes.of(call, call.input(1).shape());
    if (planes == null) {
      return null;
    }
    Floats grad = Floats.of(call.input(0));
    Floats x = Floats.of(call.input(1));
    Floats weight = Floats.of(call.input(2));
    Floats means = Floats.of(call.input(3));
    Floats variances = Floats.of(call.input(4));
    Floats dx = Floats.of(call.output(0));
    Floats dweight = Floats.of(call.output(1));
    Floats dbias = Floats.of(call.output(2));
    return () -> {
      double epsilon = call.scalar(0);
      Parallel.rows(
          planes.channels,
          5L * planes.count(),
          (from, to, s) -> {
            for (int c = from; c < to; c++) {
              float mean = means.get(c);
              Arrays.fill(s.c, 0);
              Arrays.fill(s.d, 0);
              planes.forEach(
                  c,
                  (at, n) -> {
                    grad.get(at, s.a, 0, n);
                    x.get(at, s.b, 0, n);
                    addProducts(s.a, s.b, mean, s.c, s.d, n);
                  });
              double rstd = 1 / Math.sqrt(variances.get(c) + epsilon);
              double sum = total(s.c);
              double product = total(s.d) * rstd;
              dbias.put(c, (float) sum);
              dweight.put(c, (float) product);
              float scale = (float) (weight.get(c) * rstd);
              float meanOfGrad = (float) (sum / planes.count());
              float slope = (float) (product * rstd / planes.count());
              planes.forEach(
                  c,
                  (at, n) -> {
                    grad.get(at, s.a, 0, n);
                    x.get(at, s.b, 0, n);
                    gradient(s.a, s.b, mean, scale, meanOfGrad, slope, n);
                    dx.put(at, s.a, 0, n);
                  });
            }
          });
    };
  }

  private static void addProducts(
      float[] g, float[] x, float mean, float[] sums, float[] products, int n) {
    for (int i = 0; i < n; i++) {
      sums[i] += g[i];
      products[i] += g[i] * (x[i] - mean);
    }
  }

  /*
   * With n = (x - mean) rstd over the elements of a channel:
   * dx = weight rstd (grad - mean(grad) - n mean(grad n)).
   */
  private static void gradient(
      float[] g, float[] x, float mean, float scale, float meanOfGrad, float slope, int n) {
    for (int i = 0; i < n; i++) {
      g[i] = scale * (g[i] - meanOfGrad - (x[i] - mean) * slope);
    }
  }

  static @Nullable Kernel updateRunning(OpCall call) {
    if (!NormalizationKernels.isTaken(call)) {
      return null;
    }
    Floats mean = Floats.of(call.input(0));
    Floats variance = Floats.of(call.input(1));
    Floats runningMean = Floats.of(call.output(0));
    Floats runningVariance = Floats.of(call.output(1));
    LongBuffer batches = Memory.longs(call.output(2));
    return () -> {
      float factor = (float) call.scalar(0);
      float rest = (float) (1 - call.scalar(0));
      float ofVariance = (float) (call.scalar(0) * call.scalar(1));
      for (int c = 0; c < mean.limit(); c++) {
        runningMean.put(c, runningMean.get(c) * rest + mean.get(c) * factor);
        runningVariance.put(c, runningVariance.get(c) * rest + variance.get(c) * ofVariance);
      }
      batches.put(0, batches.get(0) + 1);
    };
  }
}
