package io.fulgur.callback.prediction;

/**
 * When a {@link PredictionWriter} writes.
 *
 * @since 0.1
 */
public enum WriteInterval {
  /** After each batch. */
  BATCH,
  /** After all batches, which are kept in memory until then. */
  EPOCH,
  /** Both. */
  BATCH_AND_EPOCH;

  boolean isBatch() {
    return this != EPOCH;
  }

  boolean isEpoch() {
    return this != BATCH;
  }
}
