package io.fulgur.data;

/**
 * A data set that can copy several samples into a batch at once, which saves making each as a
 * {@link Sample}. A loader without a collate function of its own uses this.
 *
 * @since 0.1
 */
public interface BulkDataset extends Dataset {
  /**
   * Returns the batch of these samples, in this order.
   *
   * @param indices from 0 to {@code size() - 1} each; not to be changed
   * @param arrays where to take the arrays from
   */
  HostBatch getBatch(long[] indices, HostArrays arrays);
}
