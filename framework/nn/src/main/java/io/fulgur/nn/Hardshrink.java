package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * {@code |x| <= lambda ? 0 : x}, element by element, as {@code torch.nn.Hardshrink}.
 *
 * @since 0.1
 */
public final class Hardshrink extends Module {
  private final double lambda;

  /** Makes the layer with lambda 0.5. */
  public Hardshrink() {
    this(0.5);
  }

  /**
   * Makes the layer.
   *
   * @param lambda up to where it is 0
   */
  public Hardshrink(double lambda) {
    this.lambda = lambda;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Activations.hardshrink(input, lambda);
  }

  @Override
  public String toString() {
    return "Hardshrink(lambda=" + lambda + ")";
  }
}
