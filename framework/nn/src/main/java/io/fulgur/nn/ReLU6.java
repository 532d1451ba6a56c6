package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * Rectified linear unit that saturates, {@code min(max(x, 0), 6)}, element by element, as {@code
 * torch.nn.ReLU6}.
 *
 * @since 0.1
 */
public final class ReLU6 extends Module {
  /** Makes the layer. */
  public ReLU6() {}

  @Override
  public Tensor forward(Tensor input) {
    return Activations.relu6(input);
  }
}
