package io.fulgur.metric;

import io.fulgur.checkpoint.State;
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

  /**
   * Remembers what has been gathered. Called before every training batch, so that a checkpoint that
   * is saved within it can leave out what the batch has added.
   *
   * <p>Takes no time that grows with the number of batches. A metric that does not override this
   * and {@link #markedState} counts such a batch twice when a run goes on from the checkpoint.
   */
  default void mark() {}

  /**
   * Returns the state as it was at the last {@link #mark}, of a metric that has been added to since
   * but not reset.
   */
  default State markedState() {
    return state();
  }

  /** Returns a metric of the same class and options that has seen nothing. */
  Metric emptyCopy();
}
