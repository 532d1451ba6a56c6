package io.fulgur.data;

/**
 * Told of every batch that a loader has made, by the thread that made it. What it throws takes the
 * batch's place.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface LoadObserver {
  /**
   * Tells of a batch.
   *
   * @param startNanos when making it began, by {@link System#nanoTime()}
   * @param endNanos when it was made
   */
  void loaded(long startNanos, long endNanos);
}
