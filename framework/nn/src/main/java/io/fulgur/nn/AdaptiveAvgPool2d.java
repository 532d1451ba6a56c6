package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Pooling;

/**
 * Means of as many windows as the output is to have, whatever the size of the input, as {@code
 * torch.nn.AdaptiveAvgPool2d}. Windows differ in size where the input cannot be divided.
 *
 * <p>Shapes: input {@code [batch, channels, ...]}, or that without batch, output {@code [batch,
 * channels, height, width]}.
 *
 * @since 0.1
 */
public final class AdaptiveAvgPool2d extends Module {
  private final int height;
  private final int width;

  /**
   * Makes a pooling to this size.
   *
   * @throws io.fulgur.error.FulgurException if a size is not positive
   */
  public AdaptiveAvgPool2d(int height, int width) {
    Checks.require(
        height > 0 && width > 0,
        "AdaptiveAvgPool2d(%d, %d): sizes must be positive.".formatted(height, width));
    this.height = height;
    this.width = width;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Pooling.adaptiveAvgPool2d(input, height, width);
  }

  @Override
  public String toString() {
    return "AdaptiveAvgPool2d(%d, %d)".formatted(height, width);
  }
}
