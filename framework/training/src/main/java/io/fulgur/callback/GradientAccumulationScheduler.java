package io.fulgur.callback;

import io.fulgur.Trainer;
import io.fulgur.annotation.ManualOptimization;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.error.OptionMistakes;
import io.fulgur.module.FulgurModule;
import java.util.Map;
import java.util.TreeMap;

/**
 * Changes with the epochs over how many batches gradients are summed before the optimizers step.
 *
 * <pre>{@code
 * new GradientAccumulationScheduler(Map.of(0, 8, 4, 4, 8, 1))
 * }</pre>
 *
 * <p>Sums over 8 batches in epochs 0 to 3, over 4 in epochs 4 to 7 and over 1 from epoch 8 on.
 * Before the first epoch of the map the optimizers step after each batch. Follows {@code
 * lightning.pytorch.callbacks.GradientAccumulationScheduler}.
 *
 * @since 0.1
 */
public final class GradientAccumulationScheduler implements Callback {
  private final TreeMap<Integer, Integer> scheduling;

  /**
   * Makes a schedule.
   *
   * @param scheduling the number of batches by the index of the epoch, from 0, from which on it
   *     holds
   * @throws FulgurException that lists everything wrong with it: nothing in it, an epoch below 0,
   *     or a number of batches below 1
   */
  public GradientAccumulationScheduler(Map<Integer, Integer> scheduling) {
    OptionMistakes mistakes = new OptionMistakes("GradientAccumulationScheduler");
    mistakes.require(
        !scheduling.isEmpty(), "scheduling is empty. Name a number of batches for an epoch.");
    new TreeMap<>(scheduling)
        .forEach(
            (epoch, batches) -> {
              mistakes.require(epoch >= 0, "Epoch " + epoch + " must be at least 0.");
              mistakes.require(
                  batches >= 1,
                  "The number of batches from epoch "
                      + epoch
                      + " on is "
                      + batches
                      + ", but must be at least 1, which is no accumulation.");
            });
    mistakes.throwIfAny();
    this.scheduling = new TreeMap<>(scheduling);
    this.scheduling.putIfAbsent(0, 1);
  }

  /** Returns over how many batches gradients are summed in an epoch, counted from 0. */
  public int accumulateGradBatches(int epoch) {
    return scheduling.floorEntry(Math.max(0, epoch)).getValue();
  }

  /**
   * {@inheritDoc}
   *
   * @throws FulgurException if the trainer accumulates, too, or the module steps its optimizers
   *     itself
   */
  @Override
  public void onFitStart(Trainer trainer, FulgurModule module) {
    int fixed = trainer.options().accumulateGradBatches();
    if (fixed != 1) {
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS,
          "The trainer's accumulateGradBatches is %d, and there is a GradientAccumulationScheduler for %s. Leave out one of them."
              .formatted(fixed, scheduling));
    }
    if (module.getClass().isAnnotationPresent(ManualOptimization.class)) {
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS,
          "%s is annotated with @ManualOptimization, and there is a GradientAccumulationScheduler for %s. Leave the callback out, and step less often in the training step."
              .formatted(module.getClass().getSimpleName(), scheduling));
    }
  }

  @Override
  public void onTrainEpochStart(Trainer trainer, FulgurModule module) {
    trainer.accumulateGradBatches(accumulateGradBatches(trainer.currentEpoch()));
  }
}
