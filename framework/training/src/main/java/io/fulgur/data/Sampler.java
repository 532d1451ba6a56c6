package io.fulgur.data;

import io.fulgur.error.FulgurException;
import java.util.PrimitiveIterator;

/**
 * Decides which samples an epoch reads, and in which order.
 *
 * @since 0.1
 */
public interface Sampler {
  /** Returns how many indices an epoch has. */
  long size();

  /** Returns the indices of an epoch; equal epochs give equal indices. */
  PrimitiveIterator.OfLong indices(EpochContext epoch);

  /** Returns 0 to {@code size - 1} in order. */
  static Sampler sequential(long size) {
    return new SequentialSampler(size);
  }

  /** Returns 0 to {@code size - 1} in random order, another one in each epoch. */
  static Sampler random(long size) {
    return new RandomSampler(size);
  }

  /**
   * Returns indices drawn with replacement, as {@code torch.utils.data.WeightedRandomSampler}.
   *
   * @param weights how likely each index is, in any unit; none negative, at least one positive
   * @param draws how many indices an epoch has, positive
   * @throws FulgurException if the weights or draws are not as described
   */
  static Sampler weighted(double[] weights, long draws) {
    return WeightedSampler.of(weights, draws);
  }
}
