package io.fulgur.nn;

import io.fulgur.tensor.Tensor;

/**
 * Gaussian error linear unit {@code x Φ(x)}, element by element, with the distribution function
 * {@code Φ} of the standard normal distribution, as {@code torch.nn.GELU}.
 *
 * <p>D. Hendrycks, K. Gimpel, "Gaussian Error Linear Units (GELUs)", 2016.
 *
 * @since 0.1
 */
public final class GELU extends Module {
  private final boolean tanhApproximation;

  /** Makes the exact function. */
  public GELU() {
    this(/* tanhApproximation= */ false);
  }

  private GELU(boolean tanhApproximation) {
    this.tanhApproximation = tanhApproximation;
  }

  /**
   * Returns {@code x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))}, what GPT-2 and others were trained
   * with.
   */
  public static GELU tanhApproximation() {
    return new GELU(/* tanhApproximation= */ true);
  }

  @Override
  public Tensor forward(Tensor input) {
    return tanhApproximation ? input.geluTanh() : input.gelu();
  }

  @Override
  public String toString() {
    return tanhApproximation ? "GELU(tanh)" : "GELU";
  }
}
