package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * {@code x} moved towards 0 by {@code lambda}, 0 where it would pass it, element by element, as
 * {@code torch.nn.Softshrink}.
 *
 * @since 0.1
 */
public final class Softshrink extends Module {
  private final double lambda;

  /** Makes the layer with lambda 0.5. */
  public Softshrink() {
    this(0.5);
  }

  /**
   * Makes the layer.
   *
   * @param lambda how far; not negative
   * @throws io.fulgur.error.FulgurException if {@code lambda} is negative
   */
  public Softshrink(double lambda) {
    Checks.require(lambda >= 0, "Softshrink needs lambda >= 0, but got " + lambda + ".");
    this.lambda = lambda;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Activations.softshrink(input, lambda);
  }

  @Override
  public String toString() {
    return "Softshrink(lambda=" + lambda + ")";
  }
}
