package io.fulgur.tensorboard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Values counted into buckets of equal width. */
final class Histogram {
  /** Left edge, right edge and count. */
  static final int COLUMNS = 3;

  private final double minimum;
  private final double maximum;
  private final long[] counts;

  private Histogram(double minimum, double maximum, long[] counts) {
    this.minimum = minimum;
    this.maximum = maximum;
    this.counts = counts;
  }

  /**
   * Counts the finite values, as {@code tensorboard.plugins.histogram.summary_v2} does: all buckets
   * but the last are open at the right; of equal values every edge is that value and the last
   * bucket holds them; of no values everything is zero.
   */
  static Histogram of(float[] values, int buckets) {
    double minimum = Double.POSITIVE_INFINITY;
    double maximum = Double.NEGATIVE_INFINITY;
    for (float value : values) {
      if (Float.isFinite(value)) {
        minimum = Math.min(minimum, value);
        maximum = Math.max(maximum, value);
      }
    }
    long[] counts = new long[buckets];
    if (minimum > maximum) {
      return new Histogram(0, 0, counts);
    }
    int last = buckets - 1;
    double width = (maximum - minimum) / buckets;
    for (float value : values) {
      if (Float.isFinite(value)) {
        int bucket = (width == 0) ? last : (int) ((value - minimum) / width);
        counts[Math.min(bucket, last)]++;
      }
    }
    return new Histogram(minimum, maximum, counts);
  }

  int buckets() {
    return counts.length;
  }

  /** Lays the buckets out as float64 {@code [buckets, 3]}, row by row, little-endian. */
  ByteBuffer toBytes() {
    ByteBuffer bytes =
        ByteBuffer.allocate(counts.length * COLUMNS * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < counts.length; i++) {
      bytes.putDouble(edge(i)).putDouble(edge(i + 1)).putDouble((double) counts[i]);
    }
    return bytes.flip();
  }

  private double edge(int i) {
    double step = (maximum - minimum) / counts.length;
    return (i == counts.length) ? maximum : minimum + i * step;
  }
}
