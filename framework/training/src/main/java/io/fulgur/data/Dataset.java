package io.fulgur.data;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Generator;
import java.util.List;

/**
 * Samples by index.
 *
 * <p>One that is {@link io.fulgur.checkpoint.Stateful} has its state saved and restored with that
 * of its loader. What {@code get} itself changes is exact without workers only: with some, several
 * batches are under way when the state is asked for, from another thread.
 *
 * <p>A loader with worker threads calls {@code get} from several threads at once, so an
 * implementation must allow that; one that only reads needs to do nothing.
 *
 * @since 0.1
 */
public interface Dataset {
  /** Returns the number of samples. */
  long size();

  /**
   * Returns a sample.
   *
   * @param index from 0 to {@code size() - 1}
   */
  Sample get(long index);

  /**
   * Returns a sample, varied at random where the data set does that.
   *
   * @param random made for this sample alone from the loader's seed, the epoch and the index, so
   *     that the result does not depend on the order of loading or the number of workers
   */
  default Sample get(long index, Generator random) {
    return get(index);
  }

  /** Returns these samples, each changed when it is loaded. */
  default Dataset map(Transform transform) {
    return new MappedDataset(this, (sample, random) -> transform.apply(sample));
  }

  /**
   * Returns these samples, each varied at random when it is loaded, anew in every epoch. Where no
   * loader gives the random numbers, a sample's index is their seed.
   */
  default Dataset augment(RandomTransform transform) {
    return new MappedDataset(this, transform);
  }

  /**
   * Returns the samples at these indices, in this order; an index may occur more than once.
   *
   * @throws FulgurException if an index is not one of this data set
   */
  default Dataset subset(long... indices) {
    return Subset.of(this, indices.clone());
  }

  /** Returns these samples followed by the others. */
  default Dataset concat(Dataset other) {
    return new ConcatDataset(this, other);
  }

  /**
   * Divides the samples at random, as {@code torch.utils.data.random_split}: a part has {@code
   * floor(fraction * size)} samples, and those that remain go one each to the first parts.
   *
   * @param seed equal seeds give equal parts
   * @param fractions sizes of the parts, each positive, together 1
   * @return one data set for each fraction; no sample is in two
   * @throws FulgurException if the fractions are not as described or a part would be empty
   */
  default List<Dataset> randomSplit(long seed, double... fractions) {
    return Splits.split(this, seed, Splits.sizes(size(), fractions));
  }

  /**
   * Divides the samples at random.
   *
   * @param seed equal seeds give equal parts
   * @param sizes sizes of the parts, each positive, together {@link #size()}
   * @return one data set for each size; no sample is in two
   * @throws FulgurException if the sizes are not as described
   */
  default List<Dataset> randomSplit(long seed, long... sizes) {
    return Splits.split(this, seed, sizes);
  }
}
