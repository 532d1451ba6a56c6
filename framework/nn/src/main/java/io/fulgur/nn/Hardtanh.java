package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * {@code min(max(x, low), high)}, element by element, as {@code torch.nn.Hardtanh}; the gradient is
 * 0 at the bounds.
 *
 * @since 0.1
 */
public final class Hardtanh extends Module {
  private final double low;
  private final double high;

  /** Makes the layer with bounds -1 and 1. */
  public Hardtanh() {
    this(-1, 1);
  }

  /**
   * Makes the layer.
   *
   * @param low the lower bound
   * @param high the upper bound, above the lower
   * @throws io.fulgur.error.FulgurException unless {@code low < high}
   */
  public Hardtanh(double low, double high) {
    Checks.require(low < high, "Hardtanh needs low < high, but got " + low + " and " + high + ".");
    this.low = low;
    this.high = high;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Activations.hardtanh(input, low, high);
  }

  @Override
  public String toString() {
    return "Hardtanh(low=" + low + ", high=" + high + ")";
  }
}
