package io.fulgur.data;

import io.fulgur.checkpoint.State;
import java.util.Iterator;

/**
 * The batches of one epoch.
 *
 * <p>One that is left before its end should be closed, which stops its workers; otherwise they stop
 * when it is garbage collected. One that was read to its end, or that has thrown, is closed.
 *
 * @since 0.1
 */
public interface BatchIterator extends Iterator<HostBatch>, AutoCloseable {
  /**
   * Returns where its loader goes on after the batches that were served, at the next epoch if those
   * were all; also when it is closed. What workers have made ahead does not count.
   */
  State state();

  /** As {@link #state()}, but so that the newest batch is served again. */
  State stateBefore();

  /** As {@link #state()}, but so that the rest of the epoch is left out. */
  State stateOfNextEpoch();

  /**
   * Returns how long this iterator has kept its reader waiting, and how long making the batches
   * took.
   */
  LoadTimes times();

  /**
   * Stops the workers and waits for them, at most until each has made the batch it is at. Does
   * nothing the second time. Afterwards there are no more batches.
   */
  @Override
  void close();
}
