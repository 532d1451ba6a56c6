package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * {@code x > threshold ? x : value}, element by element, as {@code torch.nn.Threshold}.
 *
 * @since 0.1
 */
public final class Threshold extends Module {
  private final double threshold;
  private final double value;

  /**
   * Makes the layer.
   *
   * @param threshold above which numbers stay
   * @param value what replaces the others
   */
  public Threshold(double threshold, double value) {
    this.threshold = threshold;
    this.value = value;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Activations.threshold(input, threshold, value);
  }

  @Override
  public String toString() {
    return "Threshold(threshold=" + threshold + ", value=" + value + ")";
  }
}
