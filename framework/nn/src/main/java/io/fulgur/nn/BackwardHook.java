package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Called when the gradients of a module's inputs are known; see {@link
 * Module#registerFullBackwardHook}.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface BackwardHook {
  /**
   * Returns the gradients to go on with: {@code inputGrads}, or others of their shapes and types.
   *
   * <p>The tensors live only during the call; {@link Tensor#keep()} copies one.
   *
   * @param inputGrads null for an input that requires no gradient or has none
   * @param outputGrads null for an output that the loss does not depend on
   */
  @Nullable Tensor[] afterBackward(
      Module module, @Nullable Tensor[] inputGrads, @Nullable Tensor[] outputGrads);
}
