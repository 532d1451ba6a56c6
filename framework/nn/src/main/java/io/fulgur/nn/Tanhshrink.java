package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * {@code x - tanh(x)}, element by element, as {@code torch.nn.Tanhshrink}.
 *
 * @since 0.1
 */
public final class Tanhshrink extends Module {
  /** Makes the layer. */
  public Tanhshrink() {}

  @Override
  public Tensor forward(Tensor input) {
    return Activations.tanhshrink(input);
  }
}
