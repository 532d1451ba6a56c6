package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation where the channels of a place are next to each other: of {@code [batch,
 * channels]}, and of channels-last images.
 *
 * <p>As many rows of channels as fit into a block are one vector, whatever the number of channels:
 * its lanes have their own sums, which are added up by channel at the end, and what is the same for
 * all rows is laid out once for each. Both statistics are taken in one pass, of the distance from
 * the first row; see {@link BatchNormKernels}.
 */
final class BatchNormRowKernels {
  private BatchNormRowKernels() {}

  /** Rows of channels, in blocks of so many together. */
  private record Rows(int count, int channels, int together) {
    static @Nullable Rows of(OpCall call, Shape x) {
      long channels = x.size(1);
      boolean last =
          call.attributes(MemoryFormat.class) == MemoryFormat.CHANNELS_LAST
              || x.elements() == x.size(0) * channels;
      if (!last || !NormalizationKernels.isTaken(call) || x.elements() == 0) {
        return null;
      }
      int count = (int) (x.elements() / channels);
      return new Rows(count, (int) channels, Math.min(count, RowKernels.together((int) channels)));
    }

    int blocks() {
      return (count + together - 1) / together;
    }

    int lanes() {
      return together * channels;
    }

    int start(int block) {
      return block * lanes();
    }

    /** Returns the number of elements in a block. */
    int size(int block) {
      return Math.min(lanes(), count * channels - start(block));
    }

    /** Repeats the first row for all others of a block. */
    void repeat(float[] lanes) {
      for (int i = channels; i < lanes.length; i += channels) {
        System.arraycopy(lanes, 0, lanes, i, channels);
      }
    }

    double total(float[] lanes, int channel) {
      double total = 0;
      for (int i = channel; i < lanes.length; i += channels) {
        total += lanes[i];
      }
      return total;
    }
  }

  static @Nullable Kernel forward(OpCall call) {
    Rows rows = Rows.of(call, call.input(0).shape());
    if (rows == null) {
      return null;
    }
    Floats x = Floats.of(call.input(0));
    Floats weight = Floats.of(call.input(1));
    Floats bias = Floats.of(call.input(2));
    Floats y = Floats.of(call.output(0));
    Floats means = Floats.of(call.output(1));
    Floats variances = Floats.of(call.output(2));
    Partials distances = new Partials(rows.blocks(), rows.lanes());
    Partials squares = new Partials(rows.blocks(), rows.lanes());
    float[] near = new float[rows.lanes()];
    float[] mean = new float[rows.lanes()];
    float[] scale = new float[rows.lanes()];
    float[] shift = new float[rows.lanes()];
    Parallel.Range statistics =
        (from, to, s) -> {
          float[] block = s.wide(0, rows.lanes());
          for (int part = from; part < to; part++) {
            float[] sums = distances.cleared(part);
            float[] sumsOfSquares = squares.cleared(part);
            for (int b = distances.first(part); b < distances.first(part + 1); b++) {
              int n = rows.size(b);
              x.get(rows.start(b), block, 0, n);
              BatchNormLoops.addDistances(block, near, sums, sumsOfSquares, n);
            }
          }
        };
    Parallel.Range normalize = normalize(rows, x, y, mean, scale, shift);
    return () -> {
      double epsilon = call.scalar(0);
      x.get(0, near, 0, rows.channels);
      rows.repeat(near);
      Parallel.rows(distances.parts(), work(rows, distances), statistics);
      float[] sums = distances.sum();
      float[] sumsOfSquares = squares.sum();
      for (int c = 0; c < rows.channels; c++) {
        double distance = rows.total(sums, c) / rows.count;
        double square = rows.total(sumsOfSquares, c) / rows.count;
        double variance = Math.max(0, square - distance * distance);
        mean[c] = (float) (near[c] + distance);
        scale[c] = (float) (weight.get(c) / Math.sqrt(variance + epsilon));
        means.put(c, mean[c]);
        variances.put(c, (float) variance);
      }
      bias.get(0, shift, 0, rows.channels);
      rows.repeat(mean);
      rows.repeat(scale);
      rows.repeat(shift);
      Parallel.rows(rows.blocks(), rows.lanes(), normalize);
    };
  }

  private static long work(Rows rows, Partials partials) {
    return 3L * rows.lanes() * rows.blocks() / partials.parts();
  }

  private static Parallel.Range normalize(
      Rows rows, Floats x, Floats y, float[] mean, float[] scale, float[] shift) {
    return (from, to, s) -> {
      float[] block = s.wide(0, rows.lanes());
      for (int b = from; b < to; b++) {
        int n = rows.size(b);
        x.get(rows.start(b), block, 0, n);
        BatchNormLoops.scale(block, mean, scale, shift, n);
        y.put(rows.start(b), block, 0, n);
      }
    };
  }

  static @Nullable Kernel inference(OpCall call) {
    Rows rows = Rows.of(call, call.input(0).shape());
    if (rows == null) {
      return null;
    }
    Floats x = Floats.of(call.input(0));
    Floats means = Floats.of(call.input(1));
    Floats variances = Floats.of(call.input(2));
    Floats weight = Floats.of(call.input(3));
    Floats bias = Floats.of(call.input(4));
    Floats y = Floats.of(call.output(0));
    float[] mean = new float[rows.lanes()];
    float[] scale = new float[rows.lanes()];
    float[] shift = new float[rows.lanes()];
    Parallel.Range normalize = normalize(rows, x, y, mean, scale, shift);
    return () -> {
      double epsilon = call.scalar(0);
      for (int c = 0; c < rows.channels; c++) {
        scale[c] = (float) (weight.get(c) / Math.sqrt(variances.get(c) + epsilon));
      }
      means.get(0, mean, 0, rows.channels);
      bias.get(0, shift, 0, rows.channels);
      rows.repeat(mean);
      rows.repeat(scale);
      rows.repeat(shift);
      Parallel.rows(rows.blocks(), rows.lanes(), normalize);
    };
  }

  static @Nullable Kernel backward(OpCall call) {
    Rows rows = Rows.of(call, call.input(1).shape());
    if (rows == null) {
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
    Partials gradients = new Partials(rows.blocks(), rows.lanes());
    Partials products = new Partials(rows.blocks(), rows.lanes());
    float[] mean = new float[rows.lanes()];
    float[] scale = new float[rows.lanes()];
    float[] meanOfGrad = new float[rows.lanes()];
    float[] slope = new float[rows.lanes()];
    Parallel.Range sum =
        (from, to, s) -> {
          float[] g = s.wide(0, rows.lanes());
          float[] block = s.wide(1, rows.lanes());
          for (int part = from; part < to; part++) {
            float[] sums = gradients.cleared(part);
            float[] sumsOfProducts = products.cleared(part);
            for (int b = gradients.first(part); b < gradients.first(part + 1); b++) {
              int n = rows.size(b);
              grad.get(rows.start(b), g, 0, n);
              x.get(rows.start(b), block, 0, n);
              BatchNormLoops.addProducts(g, block, mean, sums, sumsOfProducts, n);
            }
          }
        };
    Parallel.Range differentiate =
        (from, to, s) -> {
          float[] g = s.wide(0, rows.lanes());
          float[] block = s.wide(1, rows.lanes());
          for (int b = from; b < to; b++) {
            int n = rows.size(b);
            grad.get(rows.start(b), g, 0, n);
            x.get(rows.start(b), block, 0, n);
            BatchNormLoops.gradient(g, block, mean, scale, meanOfGrad, slope, n);
            dx.put(rows.start(b), g, 0, n);
          }
        };
    return () -> {
      double epsilon = call.scalar(0);
      means.get(0, mean, 0, rows.channels);
      rows.repeat(mean);
      Parallel.rows(gradients.parts(), work(rows, gradients), sum);
      float[] sums = gradients.sum();
      float[] sumsOfProducts = products.sum();
      for (int c = 0; c < rows.channels; c++) {
        double rstd = 1 / Math.sqrt(variances.get(c) + epsilon);
        double total = rows.total(sums, c);
        double product = rows.total(sumsOfProducts, c) * rstd;
        dbias.put(c, (float) total);
        dweight.put(c, (float) product);
        scale[c] = (float) (weight.get(c) * rstd);
        meanOfGrad[c] = (float) (total / rows.count);
        slope[c] = (float) (product * rstd / rows.count);
      }
      rows.repeat(scale);
      rows.repeat(meanOfGrad);
      rows.repeat(slope);
      Parallel.rows(rows.blocks(), 2L * rows.lanes(), differentiate);
    };
  }
}
