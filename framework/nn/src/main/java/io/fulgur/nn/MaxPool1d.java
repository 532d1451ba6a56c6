package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Pooling;
import io.fulgur.tensor.functional.PoolingOptions;

/**
 * Maxima of windows, as {@code torch.nn.MaxPool1d}.
 *
 * <p>Shapes: input {@code [batch, channels, length]}, or that without batch, output {@code [batch,
 * channels, ...]} with the sizes that {@link Pooling} tells.
 *
 * @since 0.1
 */
public final class MaxPool1d extends Module {
  private final PoolingOptions options;

  /**
   * Makes a pooling over windows of this size that touch.
   *
   * @throws io.fulgur.error.FulgurException if the size is not positive
   */
  public MaxPool1d(int kernelSize) {
    this(PoolingOptions.kernelSize(kernelSize));
  }

  /** Makes a pooling. */
  public MaxPool1d(PoolingOptions options) {
    this.options = options;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Pooling.maxPool1d(input, options);
  }

  @Override
  public String toString() {
    return "MaxPool1d(kernelSize=%s, stride=%s, padding=%s)"
        .formatted(options.kernelSize(), options.stride(), options.padding());
  }
}
