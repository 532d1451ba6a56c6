package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * {@code x tanh(softplus(x))}, element by element, as {@code torch.nn.Mish}.
 *
 * <p>D. Misra, "Mish: A Self Regularized Non-Monotonic Neural Activation Function", 2019.
 *
 * @since 0.1
 */
public final class Mish extends Module {
  /** Makes the layer. */
  public Mish() {}

  @Override
  public Tensor forward(Tensor input) {
    return Activations.mish(input);
  }
}
