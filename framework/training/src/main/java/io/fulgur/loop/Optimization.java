package io.fulgur.loop;

import io.fulgur.checkpoint.State;
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

  /** Returns whether optimizers take their steps on this batch, and not on a later one. */
  boolean stepsAfter(int index);

  /**
   * Returns what those have left who had their turn on a batch that is trained on in part, to be
   * {@linkplain #resume gone on with}.
   */
  State partsState();

  /** Goes on with a batch of which a part has been done, as {@link RunState#parts} says. */
  void resume(State parts);

  /** Keeps what is part of {@link #partsState} when the scope of the step is about to close. */
  void keepOutputs();

  /** Returns whether there are gradients that the optimizers have not stepped with yet. */
  boolean holdsGradients();

  /** Returns what is to be known of the batches that those gradients are of. */
  State windowState();

  /** Goes on with a window in the middle; gradients are restored already. */
  void loadWindow(State state);
}
