package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * {@code x > 0 ? x : negativeSlope x}, element by element, as {@code torch.nn.LeakyReLU}.
 *
 * <p>A. Maas, A. Hannun, A. Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models",
 * 2013.
 *
 * @since 0.1
 */
public final class LeakyReLU extends Module {
  private final double negativeSlope;

  /** Makes the layer with slope 0.01. */
  public LeakyReLU() {
    this(0.01);
  }

  /**
   * Makes the layer.
   *
   * @param negativeSlope the slope below 0
   */
  public LeakyReLU(double negativeSlope) {
    this.negativeSlope = negativeSlope;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Activations.leakyRelu(input, negativeSlope);
  }

  @Override
  public String toString() {
    return "LeakyReLU(negativeSlope=" + negativeSlope + ")";
  }
}
