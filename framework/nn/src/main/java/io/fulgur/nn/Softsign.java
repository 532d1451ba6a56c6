package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * {@code x / (1 + |x|)}, element by element, as {@code torch.nn.Softsign}.
 *
 * @since 0.1
 */
public final class Softsign extends Module {
  /** Makes the layer. */
  public Softsign() {}

  @Override
  public Tensor forward(Tensor input) {
    return Activations.softsign(input);
  }
}
