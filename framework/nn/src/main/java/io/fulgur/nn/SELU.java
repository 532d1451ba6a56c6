package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * Scaled exponential linear unit, {@code 1.0507 (max(0, x) + min(0, 1.6733 (exp(x) - 1)))}, element
 * by element, as {@code torch.nn.SELU}. It keeps mean 0 and variance 1 through layers whose weights
 * start normal with variance {@code 1 / inFeatures}.
 *
 * <p>G. Klambauer and others, "Self-Normalizing Neural Networks", 2017.
 *
 * @since 0.1
 */
public final class SELU extends Module {
  /** Makes the layer. */
  public SELU() {}

  @Override
  public Tensor forward(Tensor input) {
    return Activations.selu(input);
  }
}
