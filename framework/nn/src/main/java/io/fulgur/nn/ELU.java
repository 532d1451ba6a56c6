package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * Exponential linear unit {@code x > 0 ? x : alpha (exp(x) - 1)}, element by element, as {@code
 * torch.nn.ELU}.
 *
 * <p>D. Clevert, T. Unterthiner, S. Hochreiter, "Fast and Accurate Deep Network Learning by
 * Exponential Linear Units (ELUs)", 2015.
 *
 * @since 0.1
 */
public final class ELU extends Module {
  private final double alpha;

  /** Makes the layer with alpha 1. */
  public ELU() {
    this(1);
  }

  /**
   * Makes the layer.
   *
   * @param alpha minus the limit at minus infinity
   */
  public ELU(double alpha) {
    this.alpha = alpha;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Activations.elu(input, alpha);
  }

  @Override
  public String toString() {
    return "ELU(alpha=" + alpha + ")";
  }
}
