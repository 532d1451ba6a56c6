package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Called before a module computes; see {@link Module#registerForwardPreHook}.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ForwardPreHook {
  /**
   * Returns what the module is to be given: {@code inputs}, or others in their place.
   *
   * @param inputs one for a module called with {@link Module#call(Tensor)}; of a module with
   *     another signature as its class tells, null for an optional one that is not there
   */
  @Nullable Tensor[] beforeForward(Module module, @Nullable Tensor[] inputs);
}
