package io.fulgur.module;

import io.fulgur.GradientClipAlgorithm;
import io.fulgur.nn.optimizer.Optimizer;

/**
 * An optimizer in the hands of a module that is {@linkplain io.fulgur.annotation.ManualOptimization
 * optimized by hand}. Its steps are counted, run the hooks, and treat gradients as the run's
 * precision wants; those of {@link #optimizer()} itself do not.
 *
 * @since 0.1
 */
public interface ManualOptimizer {
  /** Returns the name that the plan gives to the optimizer; empty if none. */
  String name();

  /** Returns the optimizer, e.g. to look at its learning rate. */
  Optimizer optimizer();

  /** Forgets the gradients of its parameters. */
  void zeroGrad();

  /**
   * Updates its parameters; each call counts as a step of the run.
   *
   * <p>Where losses are scaled for 16 bits, the scale adapts before the first backward pass after a
   * step, so that gradients of another optimizer that still wait for theirs would be of the old
   * one: step all optimizers that have gradients before going on.
   */
  void step();

  /**
   * Bounds the gradients of its parameters, between backward and step.
   *
   * @param value the bound of their norm or of each value, positive
   */
  void clipGradients(double value, GradientClipAlgorithm algorithm);

  /**
   * Keeps the parameters of the other optimizers from getting gradients until it is closed, so that
   * nothing is computed for them.
   *
   * <pre>{@code
   * try (Toggle only = generator.toggle()) {
   *   manualBackward(generatorLoss(batch));
   * }
   * }</pre>
   */
  Toggle toggle();

  /**
   * The time in which only one optimizer's parameters get gradients.
   *
   * @since 0.1
   */
  interface Toggle extends AutoCloseable {
    /** Lets the other parameters get gradients again, those that did before. */
    @Override
    void close();
  }
}
