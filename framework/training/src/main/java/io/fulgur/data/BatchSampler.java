package io.fulgur.data;

import io.fulgur.error.FulgurException;
import java.util.Iterator;
import java.util.OptionalLong;

/**
 * Decides which samples form each batch of an epoch; for batches of varying size or of samples that
 * belong together. One that is {@link io.fulgur.checkpoint.Stateful}, or whose iterator is, is put
 * at its place in an epoch as {@link Sampler} is.
 *
 * @since 0.1
 */
public interface BatchSampler {
  /** Returns the number of batches of an epoch, if it is known before. */
  OptionalLong length();

  /** Returns the batches of an epoch, none empty; equal epochs give equal batches. */
  Iterator<long[]> batches(EpochContext epoch);

  /**
   * Returns batches of consecutive indices of a sampler.
   *
   * @param batchSize positive
   * @param dropLast whether a last batch that would be smaller is left out
   * @throws FulgurException if the batch size is not positive
   */
  static BatchSampler of(Sampler sampler, int batchSize, boolean dropLast) {
    DataErrors.checkPositive("batchSize", batchSize);
    return new ChunkSampler(sampler, batchSize, dropLast);
  }
}
