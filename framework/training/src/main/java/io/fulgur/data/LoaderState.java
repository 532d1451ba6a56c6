package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;

/**
 * Where a loader stands, as a checkpoint holds it.
 *
 * @param seed the loader's seed
 * @param epoch counted from 0
 * @param batches how many batches of the epoch have been served
 * @since 0.1
 */
public record LoaderState(long seed, long epoch, long batches) {
  /** Checks that nothing is negative. */
  public LoaderState {
    if (epoch < 0 || batches < 0) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "A loader cannot stand at epoch %d after %d batches. Neither may be negative."
              .formatted(epoch, batches));
    }
  }
}
