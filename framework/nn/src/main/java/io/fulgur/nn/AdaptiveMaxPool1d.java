package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Pooling;

/**
 * Maxima of as many windows as the output is to have, whatever the size of the input, as {@code
 * torch.nn.AdaptiveMaxPool1d}. Windows differ in size where the input cannot be divided.
 *
 * <p>Shapes: input {@code [batch, channels, ...]}, or that without batch, output {@code [batch,
 * channels, length]}.
 *
 * @since 0.1
 */
public final class AdaptiveMaxPool1d extends Module {
  private final int length;

  /**
   * Makes a pooling to this size.
   *
   * @throws io.fulgur.error.FulgurException if a size is not positive
   */
  public AdaptiveMaxPool1d(int length) {
    Checks.require(length > 0, "AdaptiveMaxPool1d(%d): sizes must be positive.".formatted(length));
    this.length = length;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Pooling.adaptiveMaxPool1d(input, length);
  }

  @Override
  public String toString() {
    return "AdaptiveMaxPool1d(%d)".formatted(length);
  }
}
