package io.fulgur.loop;

import io.fulgur.data.Batch;
import io.fulgur.module.StepOutput;
import org.jspecify.annotations.Nullable;

/** How parameters learn from a training batch. */
interface Optimization {
  /** Prepares for the batches of an epoch, or for those that are left of it. */
  void beginEpoch();

  /**
   * Trains on one batch.
   *
   * @return what the training step returned; null if nothing
   */
  @Nullable StepOutput train(Batch batch, int index);

  /** Returns whether the optimizers take their steps after this batch, and not a later one. */
  boolean stepsAfter(int index);

  /** Forgets the gradients of all parameters. */
  void zeroGrad();
}
