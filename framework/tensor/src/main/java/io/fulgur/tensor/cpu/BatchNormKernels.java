package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Shape;
import java.nio.LongBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation, as many channels at a time as fit into a block, or one.
 *
 * <p>Both statistics are taken in one pass, of the distance from the channel's first value: that is
 * close enough to the mean for the difference of two sums to keep its digits. They are added up as
 * vectors, a sample's block onto the one before. What is one number for a channel is spread over
 * its elements, so that a loop goes over the whole block.
 */
final class BatchNormKernels {
  private BatchNormKernels() {}

  /**
   * Where the values of a channel are: one plane for each sample.
   *
   * @param together channels whose planes, next to each other, fit into a block
   */
  private record Planes(int samples, int channels, int size, int together) {
    static @Nullable Planes of(OpCall call, Shape x) {
      boolean fits =
          call.attributes(MemoryFormat.class) == MemoryFormat.ROW_MAJOR
              && NormalizationKernels.isTaken(call)
              && x.elements() > x.size(0) * x.size(1);
      if (!fits) {
        return null;
      }
      int channels = (int) x.size(1);
      int size = (int) (x.elements() / (x.size(0) * channels));
      int together = Math.min(channels, Math.max(1, Scratch.BLOCK / size));
      return new Planes((int) x.size(0), channels, size, together);
    }

    int count() {
      return samples * size;
    }

    int groups() {
      return (channels + together - 1) / together;
    }

    /** Returns the channel after the last one of a group that begins with this one. */
    int end(int channel) {
      return Math.min(channels, channel + together);
    }

    /** Returns how many elements of a block belong to a channel. */
    int stretch() {
      return Math.min(size, Scratch.BLOCK);
    }

    /** Shares the groups, calling a function with the first channel of each. */
    void share(long cost, Group function) {
      Parallel.rows(
          groups(),
          cost * count() * together,
          (from, to, s) -> {
            for (int group = from; group < to; group++) {
              function.apply(group * together, s);
            }
          });
    }

    /** Calls a function for each stretch of a group's channels that fits into a block. */
    void forEach(int channel, Stretch function) {
      int width = (end(channel) - channel) * size;
      for (int n = 0; n < samples; n++) {
        int start = (n * channels + channel) * size;
        for (int i = 0; i < width; i += Scratch.BLOCK) {
          function.apply(start + i, Math.min(Scratch.BLOCK, width - i));
        }
      }
    }

    /** Spreads a channel's number over its part of a block. */
    void spread(float[] block, int inGroup, double value) {
      int stretch = stretch();
      Arrays.fill(block, inGroup * stretch, (inGroup + 1) * stretch, (float) value);
    }

    /** Adds up a channel's part of a block. */
    double total(float[] block, int inGroup) {
      int stretch = stretch();
      double total = 0;
      for (int i = inGroup * stretch; i < (inGroup + 1) * stretch; i++) {
        total += block[i];
      }
      return total;
    }
  }

  @FunctionalInterface
  private interface Group {
    void apply(int channel, Scratch s);
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
      planes.share(
          3,
          (first, s) -> {
            int end = planes.end(first);
            for (int c = first; c < end; c++) {
              planes.spread(s.d, c - first, x.get(c * planes.size));
            }
            Arrays.fill(s.b, 0);
            Arrays.fill(s.c, 0);
            planes.forEach(
                first,
                (at, n) -> {
                  x.get(at, s.a, 0, n);
                  BatchNormLoops.addDistances(s.a, s.d, s.b, s.c, n);
                });
            for (int c = first; c < end; c++) {
              double distance = planes.total(s.b, c - first) / planes.count();
              double square = planes.total(s.c, c - first) / planes.count();
              float mean = (float) (s.d[(c - first) * planes.stretch()] + distance);
              double variance = Math.max(0, square - distance * distance);
              means.put(c, mean);
              variances.put(c, (float) variance);
              planes.spread(s.b, c - first, mean);
              planes.spread(s.c, c - first, weight.get(c) / Math.sqrt(variance + epsilon));
              planes.spread(s.d, c - first, bias.get(c));
            }
            normalize(planes, first, x, y, s);
          });
    };
  }

  /** With means, scales and shifts in the arrays b, c and d. */
  private static void normalize(Planes planes, int first, Floats x, Floats y, Scratch s) {
    planes.forEach(
        first,
        (at, n) -> {
          x.get(at, s.a, 0, n);
          if (planes.together == 1) {
            BatchNormLoops.scale(s.a, s.b[0], s.c[0], s.d[0], n);
          } else {
            BatchNormLoops.scale(s.a, s.b, s.c, s.d, n);
          }
          y.put(at, s.a, 0, n);
        });
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
      planes.share(
          1,
          (first, s) -> {
            for (int c = first; c < planes.end(first); c++) {
              planes.spread(s.b, c - first, means.get(c));
              double scale = weight.get(c) / Math.sqrt(variances.get(c) + epsilon);
              planes.spread(s.c, c - first, scale);
              planes.spread(s.d, c - first, bias.get(c));
            }
            normalize(planes, first, x, y, s);
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
      planes.share(
          5,
          (first, s) -> {
            int end = planes.end(first);
            float[] slopes = s.wide(0, Scratch.BLOCK);
            for (int c = first; c < end; c++) {
              planes.spread(s.e, c - first, means.get(c));
            }
            Arrays.fill(s.c, 0);
            Arrays.fill(s.d, 0);
            planes.forEach(
                first,
                (at, n) -> {
                  grad.get(at, s.a, 0, n);
                  x.get(at, s.b, 0, n);
                  BatchNormLoops.addProducts(s.a, s.b, s.e, s.c, s.d, n);
                });
            for (int c = first; c < end; c++) {
              double rstd = 1 / Math.sqrt(variances.get(c) + epsilon);
              double sum = planes.total(s.c, c - first);
              double product = planes.total(s.d, c - first) * rstd;
              dbias.put(c, (float) sum);
              dweight.put(c, (float) product);
              planes.spread(s.c, c - first, weight.get(c) * rstd);
              planes.spread(s.d, c - first, sum / planes.count());
              planes.spread(slopes, c - first, product * rstd / planes.count());
            }
            planes.forEach(
                first,
                (at, n) -> {
                  grad.get(at, s.a, 0, n);
                  x.get(at, s.b, 0, n);
                  BatchNormLoops.gradient(s.a, s.b, s.e, s.c, s.d, slopes, n);
                  dx.put(at, s.a, 0, n);
                });
          });
    };
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
