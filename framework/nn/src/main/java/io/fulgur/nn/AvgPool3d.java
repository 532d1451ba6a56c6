package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Pooling;
import io.fulgur.tensor.functional.PoolingOptions;

/**
 * Means of windows, as {@code torch.nn.AvgPool3d}.
 *
 * <p>Shapes: input {@code [batch, channels, depth, height, width]}, or that without batch, output
 * {@code [batch, channels, ...]} with the sizes that {@link Pooling} tells.
 *
 * @since 0.1
 */
public final class AvgPool3d extends Module {
  private final PoolingOptions options;

  /**
   * Makes a pooling over windows of this size that touch.
   *
   * @throws io.fulgur.error.FulgurException if the size is not positive
   */
  public AvgPool3d(int kernelSize) {
    this(PoolingOptions.kernelSize(kernelSize));
  }

  /** Makes a pooling. */
  public AvgPool3d(PoolingOptions options) {
    this.options = options;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Pooling.avgPool3d(input, options);
  }

  @Override
  public String toString() {
    return "AvgPool3d(kernelSize=%s, stride=%s, padding=%s)"
        .formatted(options.kernelSize(), options.stride(), options.padding());
  }
}
