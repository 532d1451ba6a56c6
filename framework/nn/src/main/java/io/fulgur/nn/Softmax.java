package io.fulgur.nn;

import io.fulgur.tensor.Tensor;

/**
 * Softmax {@code exp(x) / Σ exp(x)} along one dimension, as {@code torch.nn.Softmax}.
 *
 * <p>{@link Losses#crossEntropy} takes logits: a network trained with it has no softmax of its own.
 *
 * @since 0.1
 */
public final class Softmax extends Module {
  private final int dim;

  /** Makes a softmax along a dimension, which may be counted from the end. */
  public Softmax(int dim) {
    this.dim = dim;
  }

  @Override
  public Tensor forward(Tensor input) {
    return input.softmax(dim);
  }

  @Override
  public String toString() {
    return "Softmax(dim=" + dim + ")";
  }
}
