package io.fulgur.nn;

import io.fulgur.tensor.Tensor;

/**
 * Logarithm of the softmax, {@code x - log Σ exp(x)}, along one dimension, as {@code
 * torch.nn.LogSoftmax}.
 *
 * @since 0.1
 */
public final class LogSoftmax extends Module {
  private final int dim;

  /** Makes the layer for a dimension, which may be counted from the end. */
  public LogSoftmax(int dim) {
    this.dim = dim;
  }

  @Override
  public Tensor forward(Tensor input) {
    return input.logSoftmax(dim);
  }

  @Override
  public String toString() {
    return "LogSoftmax(dim=" + dim + ")";
  }
}
