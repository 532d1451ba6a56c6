package io.fulgur.callback.checkpoint;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What makes a checkpoint due: the end of every n-th epoch, every n optimizer steps, or so much
 * time. One of them at most.
 */
final class CheckpointTrigger {
  private final int everyNEpochs;
  private final long everyNTrainSteps;
  private final @Nullable Duration trainTimeInterval;
  private final LongSupplier nanos;
  private long lastStep;
  private long lastNanos;

  /**
   * @param everyNEpochs 0 for never
   * @param everyNTrainSteps 0 for never
   * @param trainTimeInterval null for never
   * @param nanos a clock that only runs forwards
   */
  CheckpointTrigger(
      int everyNEpochs,
      long everyNTrainSteps,
      @Nullable Duration trainTimeInterval,
      LongSupplier nanos) {
    this.everyNEpochs = everyNEpochs;
    this.everyNTrainSteps = everyNTrainSteps;
    this.trainTimeInterval = trainTimeInterval;
    this.nanos = nanos;
  }

  /** Starts to count where training begins or goes on. */
  void start(long globalStep) {
    lastStep = globalStep;
    lastNanos = nanos.getAsLong();
  }

  boolean isDueInEpoch(int epoch) {
    return everyNEpochs > 0 && (epoch + 1) % everyNEpochs == 0;
  }

  /**
   * Returns whether a checkpoint is due after a batch, once for each time. Steps are those of all
   * optimizers together, so that a batch may step over a multiple of n.
   */
  boolean isDueAfterBatch(long globalStep) {
    if (everyNTrainSteps > 0) {
      boolean due = globalStep / everyNTrainSteps > lastStep / everyNTrainSteps;
      lastStep = globalStep;
      return due;
    }
    if (trainTimeInterval == null) {
      return false;
    }
    long now = nanos.getAsLong();
    if (now - lastNanos < trainTimeInterval.toNanos()) {
      return false;
    }
    lastNanos = now;
    return true;
  }

  /** Returns the options as they stand in a state key. */
  @Override
  public String toString() {
    return "everyNTrainSteps=%d, everyNEpochs=%d, trainTimeInterval=%s"
        .formatted(everyNTrainSteps, everyNEpochs, trainTimeInterval);
  }
}
