package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Pooling;

/**
 * Means of as many windows as the output is to have, whatever the size of the input, as {@code
 * torch.nn.AdaptiveAvgPool1d}. Windows differ in size where the input cannot be divided.
 *
 * <p>Shapes: input {@code [batch, channels, ...]}, or that without batch, output {@code [batch,
 * channels, length]}.
 *
 * @since 0.1
 */
public final class AdaptiveAvgPool1d extends Module {
  private final int length;

  /**
   * Makes a pooling to this size.
   *
   * @throws io.fulgur.error.FulgurException if a size is not positive
   */
  public AdaptiveAvgPool1d(int length) {
    Checks.require(length > 0, "AdaptiveAvgPool1d(%d): sizes must be positive.".formatted(length));
    this.length = length;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Pooling.adaptiveAvgPool1d(input, length);
  }

  @Override
  public String toString() {
    return "AdaptiveAvgPool1d(%d)".formatted(length);
  }
}
