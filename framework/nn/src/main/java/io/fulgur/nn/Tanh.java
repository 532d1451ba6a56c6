package io.fulgur.nn;

import io.fulgur.tensor.Tensor;

/**
 * Hyperbolic tangent, element by element, as {@code torch.nn.Tanh}.
 *
 * @since 0.1
 */
public final class Tanh extends Module {
  /** Makes the layer. */
  public Tanh() {}

  @Override
  public Tensor forward(Tensor input) {
    return input.tanh();
  }
}
