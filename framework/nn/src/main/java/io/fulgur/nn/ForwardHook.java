package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Called when a module has computed; see {@link Module#registerForwardHook}.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ForwardHook {
  /**
   * Returns what the module is to return: {@code outputs}, or others in their place.
   *
   * <p>What passes between the layers of a container is given back when the next layer has used it;
   * {@link Tensor#keep()} copies what is wanted later.
   *
   * @param inputs what the module was given, after its pre-hooks
   * @param outputs what it returned
   */
  Tensor[] afterForward(Module module, @Nullable Tensor[] inputs, Tensor[] outputs);
}
