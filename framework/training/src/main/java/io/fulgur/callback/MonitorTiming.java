package io.fulgur.callback;

import io.fulgur.BatchLimit;
import io.fulgur.RunKind;
import io.fulgur.RunningStage;
import io.fulgur.Trainer;
import io.fulgur.TrainerOptions;
import java.util.Arrays;

/**
 * When callbacks that watch a metric look at it.
 *
 * @since 0.1
 */
public final class MonitorTiming {
  private MonitorTiming() {}

  /**
   * Returns whether the end of a training epoch is when a metric of validation is new: validation
   * runs once at the end of each epoch, or never.
   */
  public static boolean atTrainEpochEnd(Trainer trainer) {
    TrainerOptions options = trainer.options();
    BatchLimit interval = options.valCheckInterval();
    return !validates(trainer)
        || (options.checkValEveryNEpoch() == 1
            && !options.valCheckAcrossEpochs()
            && options.valCheckTime() == null
            && !interval.isCount()
            && interval.fraction() == 1);
  }

  /** Returns whether this fit validates at all. */
  public static boolean validates(Trainer trainer) {
    return Arrays.stream(trainer.numBatches(RunningStage.VALIDATING)).anyMatch(count -> count > 0);
  }

  /** Returns whether this fit validates in this epoch, which includes its end. */
  public static boolean validatesThisEpoch(Trainer trainer) {
    TrainerOptions options = trainer.options();
    return validates(trainer)
        && (options.valCheckAcrossEpochs()
            || (trainer.currentEpoch() + 1) % options.checkValEveryNEpoch() == 0);
  }

  /** Returns whether this is a fit, past its sanity check. */
  public static boolean isTraining(Trainer trainer) {
    return trainer.runKind() == RunKind.FIT && !trainer.isSanityChecking();
  }
}
