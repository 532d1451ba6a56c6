package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * Smooth rectifier {@code log(1 + exp(beta x)) / beta}, element by element, as {@code
 * torch.nn.Softplus}; {@code x} itself where {@code beta x > threshold}.
 *
 * @since 0.1
 */
public final class Softplus extends Module {
  private final double beta;
  private final double threshold;

  /** Makes the layer with beta 1 and threshold 20. */
  public Softplus() {
    this(1, 20);
  }

  /**
   * Makes the layer.
   *
   * @param beta how sharp the bend is; not 0
   * @param threshold above which the function counts as linear
   * @throws io.fulgur.error.FulgurException if {@code beta} is 0
   */
  public Softplus(double beta, double threshold) {
    Checks.require(beta != 0, "Softplus needs a beta other than 0.");
    this.beta = beta;
    this.threshold = threshold;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Activations.softplus(input, beta, threshold);
  }

  @Override
  public String toString() {
    return "Softplus(beta=" + beta + ", threshold=" + threshold + ")";
  }
}
