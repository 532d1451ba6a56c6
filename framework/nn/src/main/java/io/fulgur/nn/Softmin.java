package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * {@code exp(-x) / Σ exp(-x)} along one dimension, as {@code torch.nn.Softmin}.
 *
 * @since 0.1
 */
public final class Softmin extends Module {
  private final int dim;

  /**
   * Makes the layer.
   *
   * @param dim the dimension, which may be counted from the end
   */
  public Softmin(int dim) {
    this.dim = dim;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Activations.softmin(input, dim);
  }

  @Override
  public String toString() {
    return "Softmin(dim=" + dim + ")";
  }
}
