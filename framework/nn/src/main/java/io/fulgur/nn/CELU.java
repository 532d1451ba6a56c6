package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * Continuously differentiable exponential linear unit {@code max(0, x) + min(0, alpha (exp(x /
 * alpha) - 1))}, element by element, as {@code torch.nn.CELU}.
 *
 * <p>J. Barron, "Continuously Differentiable Exponential Linear Units", 2017.
 *
 * @since 0.1
 */
public final class CELU extends Module {
  private final double alpha;

  /** Makes the layer with alpha 1. */
  public CELU() {
    this(1);
  }

  /**
   * Makes the layer.
   *
   * @param alpha minus the limit at minus infinity; not 0
   * @throws io.fulgur.error.FulgurException if {@code alpha} is 0
   */
  public CELU(double alpha) {
    Checks.require(alpha != 0, "CELU needs an alpha other than 0.");
    this.alpha = alpha;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Activations.celu(input, alpha);
  }

  @Override
  public String toString() {
    return "CELU(alpha=" + alpha + ")";
  }
}
