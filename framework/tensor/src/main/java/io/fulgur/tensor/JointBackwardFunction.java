package io.fulgur.tensor;

import org.jspecify.annotations.Nullable;

/**
 * Turns the gradients of all outputs of an operator into those of its inputs.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface JointBackwardFunction {
  /**
   * Passes gradients on through {@link Gradients#give} and {@link Gradients#pass}.
   *
   * @param grads the outputs' gradients, null for an output that the result does not depend on; at
   *     least one is there. They are given back when this method returns.
   */
  void apply(@Nullable Tensor[] grads, Gradients gradients);
}
