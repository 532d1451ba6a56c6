package io.fulgur.loop;

import io.fulgur.BatchLimit;
import io.fulgur.TrainerOptions;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Decides after which training batches validation runs. */
final class ValidationSchedule {
  private final TrainerOptions options;

  /** After how many batches; {@link Loaders#UNKNOWN} for the end of the epoch only. */
  private int everyNBatches;

  private long lastValidation;

  private ValidationSchedule(TrainerOptions options) {
    this.options = options;
    this.lastValidation = options.nanoClock().getAsLong();
  }

  /**
   * Makes a schedule whose time begins now.
   *
   * @throws FulgurException if it does not suit so many batches
   */
  static ValidationSchedule of(TrainerOptions options, int trainingBatches) {
    ValidationSchedule schedule = new ValidationSchedule(options);
    schedule.adapt(trainingBatches);
    return schedule;
  }

  /** Goes on with epochs of so many batches. */
  void adapt(int trainingBatches) {
    BatchLimit interval = options.valCheckInterval();
    if (interval.isCount()) {
      everyNBatches = interval.count();
      if (everyNBatches > trainingBatches && !options.valCheckAcrossEpochs()) {
        throw new FulgurException(
            ErrorId.INVALID_OPTIONS,
            "valCheckInterval is %d batches, but an epoch has %d, so validation would never run. Use at most %d, or set valCheckAcrossEpochs."
                .formatted(everyNBatches, trainingBatches, trainingBatches));
      }
    } else if (interval.fraction() == 1) {
      // Not the number of batches: a stream may end before a limit on it does.
      everyNBatches = Loaders.UNKNOWN;
    } else if (trainingBatches == Loaders.UNKNOWN) {
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS,
          "valCheckInterval is %s, but the training data does not know how many batches it has. Give a number of batches, or 1.0 for the end of the epoch."
              .formatted(interval));
    } else {
      everyNBatches = Math.max(1, (int) (trainingBatches * interval.fraction()));
    }
  }

  /** Returns whether validation runs now, after a batch that has been counted. */
  boolean isDue(int epoch, int batchesInEpoch, long totalBatches, boolean last, boolean stopping) {
    boolean acrossEpochs = options.valCheckAcrossEpochs();
    if (!acrossEpochs && (epoch + 1) % options.checkValEveryNEpoch() != 0) {
      return false;
    }
    if (stopping) {
      return true;
    }
    @Nullable Duration time = options.valCheckTime();
    if (time != null) {
      return elapsedNanos() >= time.toNanos();
    }
    if (everyNBatches == Loaders.UNKNOWN) {
      return last;
    }
    return (acrossEpochs ? totalBatches : batchesInEpoch) % everyNBatches == 0;
  }

  /** Returns how long ago the last validation was, or the start if there was none. */
  long elapsedNanos() {
    return options.nanoClock().getAsLong() - lastValidation;
  }

  /** Goes on as if the last validation had been so long ago. */
  void resume(long elapsedNanos) {
    lastValidation = options.nanoClock().getAsLong() - elapsedNanos;
  }

  /** Tells that validation has run. */
  void validated() {
    if (options.valCheckTime() != null) {
      lastValidation = options.nanoClock().getAsLong();
    }
  }
}
