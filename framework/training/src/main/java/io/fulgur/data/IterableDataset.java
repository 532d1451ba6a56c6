package io.fulgur.data;

import java.util.Iterator;

/**
 * Samples in an order of their own, for data that cannot be indexed: a stream, a queue, a directory
 * of shards.
 *
 * <p>One thread at a time reads from the iterator, so it need not be thread-safe.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface IterableDataset {
  /**
   * Returns the samples of an epoch; equal epochs give equal samples if runs are to be repeatable.
   */
  Iterator<Sample> iterator(EpochContext epoch);

  /** Returns these samples, each changed when it is loaded. */
  default IterableDataset map(Transform transform) {
    return new MappedIterableDataset(this, (sample, random) -> transform.apply(sample));
  }

  /** Returns these samples, each varied at random when it is loaded, anew in every epoch. */
  default IterableDataset augment(RandomTransform transform) {
    return new MappedIterableDataset(this, transform);
  }
}
