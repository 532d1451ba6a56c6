package io.fulgur.progress;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How far something is.
 *
 * <p>Written by the training thread and read by the one that draws. Counting a batch is a plain
 * store: the drawing thread sees it a moment later, which is soon enough.
 */
final class Tally {
  /** The total where it is not known. */
  static final long UNKNOWN = Integer.MAX_VALUE;

  private final String label;
  private final long total;
  private final long first;
  private final LongSupplier nanos;
  private final long startNanos;
  private final AtomicLong done;
  private volatile long pausedNanos;
  private volatile long pausedSince = -1;

  /**
   * @param first how many were done before
   * @param nanos the clock
   */
  Tally(String label, long total, long first, LongSupplier nanos) {
    this.label = label;
    this.total = total;
    this.first = first;
    this.nanos = nanos;
    this.startNanos = nanos.getAsLong();
    this.done = new AtomicLong(first);
  }

  String label() {
    return label;
  }

  long total() {
    return total;
  }

  boolean isTotalKnown() {
    return total < UNKNOWN;
  }

  long done() {
    return done.get();
  }

  void done(long count) {
    done.lazySet(count);
  }

  void increment() {
    done.lazySet(done.getPlain() + 1);
  }

  /** Stops the time that the rate goes by. */
  void pause() {
    pausedSince = nanos.getAsLong();
  }

  void resume() {
    if (pausedSince >= 0) {
      pausedNanos = pausedNanos + nanos.getAsLong() - pausedSince;
      pausedSince = -1;
    }
  }

  double elapsedSeconds() {
    return (nanos.getAsLong() - startNanos) / 1e9;
  }

  /** Returns how many are done a second, pauses left out; 0 if that cannot be told. */
  double perSecond() {
    long since = pausedSince;
    long end = since >= 0 ? since : nanos.getAsLong();
    double seconds = (end - startNanos - pausedNanos) / 1e9;
    return seconds <= 0 ? 0 : (done() - first) / seconds;
  }
}
