package io.fulgur.loop;

import io.fulgur.BatchLimit;
import io.fulgur.TrainerOptions;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;

/** Decides after which training batches validation runs. */
final class ValidationSchedule {
  private final boolean acrossEpochs;
  private final int everyNEpoch;

  /** After how many batches; {@link Loaders#UNKNOWN} for the end of the epoch only. */
  private final int everyNBatches;

  private ValidationSchedule(boolean acrossEpochs, int everyNEpoch, int everyNBatches) {
    this.acrossEpochs = acrossEpochs;
    this.everyNEpoch = everyNEpoch;
    this.everyNBatches = everyNBatches;
  }

  static ValidationSchedule of(TrainerOptions options, int trainingBatches) {
    BatchLimit interval = options.valCheckInterval();
    int batches;
    if (interval.isCount()) {
      batches = interval.count();
      if (batches > trainingBatches && !options.valCheckAcrossEpochs()) {
        throw new FulgurException(
            ErrorId.INVALID_OPTIONS,
            "valCheckInterval is %d batches, but an epoch has %d, so validation would never run. Use at most %d, or set valCheckAcrossEpochs."
                .formatted(batches, trainingBatches, trainingBatches));
      }
    } else if (interval.fraction() == 1) {
      // Not the number of batches: a stream may end before a limit on it does.
      batches = Loaders.UNKNOWN;
    } else if (trainingBatches == Loaders.UNKNOWN) {
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS,
          "valCheckInterval is %s, but the training data does not know how many batches it has. Give a number of batches, or 1.0 for the end of the epoch."
              .formatted(interval));
    } else {
      batches = Math.max(1, (int) (trainingBatches * interval.fraction()));
    }
    return new ValidationSchedule(
        options.valCheckAcrossEpochs(), options.checkValEveryNEpoch(), batches);
  }

  /** Returns whether validation runs now, after a batch that has been counted. */
  boolean isDue(int epoch, int batchesInEpoch, long totalBatches, boolean last, boolean stopping) {
    if (!acrossEpochs && (epoch + 1) % everyNEpoch != 0) {
      return false;
    }
    if (stopping) {
      return true;
    }
    if (everyNBatches == Loaders.UNKNOWN) {
      return last;
    }
    return (acrossEpochs ? totalBatches : batchesInEpoch) % everyNBatches == 0;
  }
}
