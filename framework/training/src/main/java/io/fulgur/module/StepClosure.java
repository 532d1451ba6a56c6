package io.fulgur.module;

/**
 * What the step of an optimizer consists of, for a module that {@linkplain
 * TrainableModule#optimizerStep replaces} it.
 *
 * @since 0.1
 */
public interface StepClosure {
  /**
   * Runs the training step and the backward pass, where that has not been done on this batch, and
   * makes the optimizer's gradients ready: of the window's mean, unscaled, clipped.
   *
   * @return whether there are gradients; not if the training step skipped every batch of the window
   */
  boolean computeGradients();

  /**
   * Lets the optimizer step, {@linkplain #computeGradients() after computing gradients}, and counts
   * it. Does nothing without gradients, or if a scaler of losses found some that are not finite.
   */
  void step();
}
