package io.fulgur.data;

import java.util.List;

/**
 * Makes a batch of samples. Called by several worker threads at once.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Collate {
  /**
   * Returns the batch.
   *
   * @param samples in the order of the batch, at least one
   * @param arrays where to take the batch's arrays from, if they are to be recycled
   */
  HostBatch collate(List<Sample> samples, HostArrays arrays);

  /**
   * Returns the default: stacks each value along a new first dimension. All samples must have the
   * same names, types and shapes.
   */
  static Collate stack() {
    return StackCollate.INSTANCE;
  }
}
