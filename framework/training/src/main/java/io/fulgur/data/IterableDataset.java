package io.fulgur.data;

import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Samples in an order of their own, for data that cannot be indexed: a stream, a queue, a directory
 * of shards.
 *
 * <p>One thread at a time reads from the iterator, so it need not be thread-safe.
 *
 * <p>To go on within an epoch the samples before are read again, unless the data set or its
 * iterator is {@link io.fulgur.checkpoint.Stateful}. The iterator's state is the place in its
 * epoch; the data set's own is there also for what outlasts epochs, and its next iterator reads on
 * from there. The state is asked for after each batch.
 *
 * <pre>{@code
 * IterableDataset lines = IterableDataset.ofStream(() -> Files.lines(file).map(this::toSample));
 * }</pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface IterableDataset {
  /**
   * Returns the samples of an epoch; equal epochs give equal samples if runs are to be repeatable.
   * One that is {@link AutoCloseable} is closed when nobody reads any more.
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

  /**
   * Returns these samples in random order as far as a buffer allows: each is drawn from {@code
   * bufferSize} samples that were read. The order depends on the loader's seed and the epoch only.
   *
   * @param bufferSize positive
   */
  default IterableDataset shuffle(int bufferSize) {
    DataErrors.checkPositive("bufferSize", bufferSize);
    return new ShuffledIterableDataset(this, bufferSize);
  }

  /**
   * Returns the samples of a stream that is made anew for each epoch, and closed after it.
   *
   * @param source makes the stream; a sequential one keeps the order
   */
  static IterableDataset ofStream(Callable<? extends Stream<Sample>> source) {
    return new StreamDataset(source);
  }
}
