package io.fulgur.tensor;

/**
 * Turns the gradient of an operator's output into those of its inputs.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface BackwardFunction {
  /**
   * Passes on the gradient through {@link Gradients#give} and {@link Gradients#pass}; gradients are
   * not recorded meanwhile.
   *
   * @param grad of the output's shape and type, of any strides; it belongs to the caller
   */
  void apply(Tensor grad, Gradients gradients);
}
