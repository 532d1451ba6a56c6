package io.fulgur.data;

import io.fulgur.error.FulgurException;
import java.util.PrimitiveIterator;

/**
 * Decides which samples an epoch reads, and in which order.
 *
 * <p>To go on within an epoch the indices before are passed over, unless the sampler or its
 * iterator is {@link io.fulgur.checkpoint.Stateful}, as with {@link IterableDataset}.
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

  /**
   * Returns the part of a sampler's indices that one of several processes reads, as {@code
   * torch.utils.data.DistributedSampler}: indices {@code rank}, {@code rank + replicas}, ... of its
   * order. All parts are equally long: if the number of indices is no multiple of {@code replicas},
   * the first indices are read again at the end.
   *
   * <p>The loaders of all processes must have the same seed, for each takes its part of the same
   * order.
   *
   * @param replicas how many processes there are, positive
   * @param rank which one this is, from 0
   * @throws FulgurException if the rank is not one of so many
   */
  static Sampler distributed(Sampler sampler, int replicas, int rank) {
    return DistributedSampler.of(sampler, replicas, rank, /* dropLast= */ false);
  }

  /**
   * As {@link #distributed(Sampler, int, int)}, but leaves out indices at the end instead of
   * reading some again if {@code dropLast} is set.
   */
  static Sampler distributed(Sampler sampler, int replicas, int rank, boolean dropLast) {
    return DistributedSampler.of(sampler, replicas, rank, dropLast);
  }
}
