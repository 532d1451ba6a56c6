package io.fulgur.callback.spike;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;

/**
 * Training has met a loss far off those before it.
 *
 * @since 0.1
 */
public final class TrainingSpikeException extends FulgurException {
  private static final long serialVersionUID = 1L;

  private final int epoch;
  private final int batchIndex;

  TrainingSpikeException(String message, int epoch, int batchIndex) {
    super(ErrorId.TRAINING_SPIKE, message);
    this.epoch = epoch;
    this.batchIndex = batchIndex;
  }

  /** Returns the epoch, counted from 0. */
  public int epoch() {
    return epoch;
  }

  /** Returns the index of the batch in the epoch. */
  public int batchIndex() {
    return batchIndex;
  }
}
