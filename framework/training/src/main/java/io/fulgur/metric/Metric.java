package io.fulgur.metric;

import io.fulgur.checkpoint.Stateful;

/**
 * Something that is gathered over batches and computed at the end.
 *
 * <p>A metric that a field of a {@link io.fulgur.module.FulgurModule} holds, also within lists,
 * maps and submodules, is saved in checkpoints. One that is logged is reset when the epoch that it
 * was logged for is over; any other is reset by whoever updates it.
 *
 * <p>Metrics are used by one thread at a time.
 *
 * @since 0.1
 */
public interface Metric extends Stateful {
  /** Forgets all batches. */
  void reset();

  /**
   * Adds what another metric has gathered, as if this one had seen those batches, too: for parts of
   * the data that were gone through apart, such as the shares of several processes or the folds of
   * a cross-validation. The other stays as it is.
   *
   * @throws io.fulgur.error.FulgurException if the other is of another class or has other options
   */
  void merge(Metric other);

  /** Returns a metric of the same class and options that has seen nothing. */
  Metric emptyCopy();
}
