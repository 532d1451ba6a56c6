package io.fulgur.callback.monitor;

import java.util.function.ObjDoubleConsumer;

/** The last batches of a stage and when each of them ended. */
final class ThroughputWindow {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Point[] points;
  private int count;
  private int next;
  private Point last = new Point(0, 0, 0, 0, 0);

  /**
   * The sums up to the end of a batch.
   *
   * @param nanos the time since the stage began
   * @param items the lengths
   */
  private record Point(long nanos, long batches, long samples, long items, long flops) {}

  /**
   * @param size how many batches it holds
   */
  ThroughputWindow(int size) {
    points = new Point[size];
  }

  void add(long nanos, long samples, long items, long flops) {
    last =
        new Point(
            nanos,
            last.batches + 1,
            last.samples + samples,
            last.items + items,
            last.flops + flops);
    points[next] = last;
    next = (next + 1) % points.length;
    count = Math.min(count + 1, points.length);
  }

  /**
   * Hands out the values by name: the sums, and from the second batch on the rates between the
   * oldest and the newest.
   *
   * @param hasItems whether lengths are known
   * @param peakFlops how many operations the device can do in a second; 0 if that is not known
   */
  void forEach(boolean hasItems, double peakFlops, ObjDoubleConsumer<String> consumer) {
    consumer.accept("time", last.nanos / NANOS_PER_SECOND);
    consumer.accept("batches", (double) last.batches);
    consumer.accept("samples", (double) last.samples);
    if (hasItems) {
      consumer.accept("lengths", (double) last.items);
    }
    Point first = points[count == points.length ? next : 0];
    double seconds = (last.nanos - first.nanos) / NANOS_PER_SECOND;
    if (count < 2 || seconds <= 0) {
      return;
    }
    consumer.accept("device/batches_per_sec", (last.batches - first.batches) / seconds);
    consumer.accept("device/samples_per_sec", (last.samples - first.samples) / seconds);
    if (hasItems) {
      consumer.accept("device/items_per_sec", (last.items - first.items) / seconds);
    }
    double flops = (last.flops - first.flops) / seconds;
    if (flops > 0) {
      consumer.accept("device/flops_per_sec", flops);
      if (peakFlops > 0) {
        consumer.accept("device/mfu", flops / peakFlops);
      }
    }
  }
}
