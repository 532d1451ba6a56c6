package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Pooling;

/**
 * Maxima of as many windows as the output is to have, whatever the size of the input, as {@code
 * torch.nn.AdaptiveMaxPool3d}. Windows differ in size where the input cannot be divided.
 *
 * <p>Shapes: input {@code [batch, channels, ...]}, or that without batch, output {@code [batch,
 * channels, depth, height, width]}.
 *
 * @since 0.1
 */
public final class AdaptiveMaxPool3d extends Module {
  private final int depth;
  private final int height;
  private final int width;

  /**
   * Makes a pooling to this size.
   *
   * @throws io.fulgur.error.FulgurException if a size is not positive
   */
  public AdaptiveMaxPool3d(int depth, int height, int width) {
    Checks.require(
        depth > 0 && height > 0 && width > 0,
        "AdaptiveMaxPool3d(%d, %d, %d): sizes must be positive.".formatted(depth, height, width));
    this.depth = depth;
    this.height = height;
    this.width = width;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Pooling.adaptiveMaxPool3d(input, depth, height, width);
  }

  @Override
  public String toString() {
    return "AdaptiveMaxPool3d(%d, %d, %d)".formatted(depth, height, width);
  }
}
