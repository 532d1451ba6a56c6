package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * Sigmoid linear unit {@code x sigmoid(x)}, also called swish, element by element, as {@code
 * torch.nn.SiLU}.
 *
 * <p>S. Elfwing, E. Uchibe, K. Doya, "Sigmoid-weighted linear units for neural network function
 * approximation in reinforcement learning", 2017.
 *
 * @since 0.1
 */
public final class SiLU extends Module {
  /** Makes the layer. */
  public SiLU() {}

  @Override
  public Tensor forward(Tensor input) {
    return Activations.silu(input);
  }
}
