package io.fulgur.data;

import io.fulgur.tensor.Generator;

/**
 * Which epoch is read, and its random numbers.
 *
 * @param seed the loader's seed
 * @param epoch counted from 0
 * @since 0.1
 */
public record EpochContext(long seed, long epoch) {
  // Streams of one seed are told apart by hashing (seed, epoch) and then (that, index).

  /** Returns the epoch's random numbers, from their start; the same at every call. */
  public Generator random() {
    return new Generator(new Generator(seed).bitsAt(epoch));
  }

  /** Returns the random numbers of one sample of the epoch, from their start. */
  public Generator random(long index) {
    return new Generator(random().split().bitsAt(index));
  }

  // Places before the first are read by nobody who goes through a stream from its start.

  /** Returns the seed of what a batch's thread draws from its default generator. */
  long batchSeed(long number) {
    return random().bitsAt(-1 - number);
  }

  /** Returns the seed of a worker of a loader. */
  static long workerSeed(long loaderSeed, int index) {
    return new Generator(loaderSeed).bitsAt(-1L - index);
  }
}
