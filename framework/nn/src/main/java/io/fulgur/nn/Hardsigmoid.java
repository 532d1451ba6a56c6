package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * Piecewise linear sigmoid {@code min(max(x + 3, 0), 6) / 6}, element by element, as {@code
 * torch.nn.Hardsigmoid}.
 *
 * @since 0.1
 */
public final class Hardsigmoid extends Module {
  /** Makes the layer. */
  public Hardsigmoid() {}

  @Override
  public Tensor forward(Tensor input) {
    return Activations.hardsigmoid(input);
  }
}
