package io.fulgur.nn;

import io.fulgur.tensor.Tensor;

/**
 * Rectified linear unit {@code max(x, 0)}, element by element, as {@code torch.nn.ReLU}.
 *
 * @since 0.1
 */
public final class ReLU extends Module {
  /** Makes the layer. */
  public ReLU() {}

  @Override
  public Tensor forward(Tensor input) {
    return input.relu();
  }
}
