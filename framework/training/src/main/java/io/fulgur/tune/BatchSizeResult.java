package io.fulgur.tune;

import java.util.List;

/**
 * The batch size that a {@link BatchSizeFinder} has found.
 *
 * @param batchSize the largest for which the memory suffices, less the margin
 * @param trials what was tried, in order
 * @since 0.1
 */
public record BatchSizeResult(int batchSize, List<BatchSizeTrial> trials) {
  /** Copies the list. */
  public BatchSizeResult {
    trials = List.copyOf(trials);
  }
}
