package io.fulgur.nn;

import io.fulgur.tensor.Tensor;

/**
 * Logistic function {@code 1 / (1 + exp(-x))}, element by element, as {@code torch.nn.Sigmoid}.
 *
 * @since 0.1
 */
public final class Sigmoid extends Module {
  /** Makes the layer. */
  public Sigmoid() {}

  @Override
  public Tensor forward(Tensor input) {
    return input.sigmoid();
  }
}
