package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Resampling;

/**
 * Moves space into channels: {@code [batch, channels, h · r, w · r]} becomes {@code [batch,
 * channels · r², h, w]}, as {@code torch.nn.PixelUnshuffle}.
 *
 * @since 0.1
 */
public final class PixelUnshuffle extends Module {
  private final int downscaleFactor;

  /**
   * Makes the layer.
   *
   * @param downscaleFactor {@code r}
   * @throws io.fulgur.error.FulgurException if it is not positive
   */
  public PixelUnshuffle(int downscaleFactor) {
    Checks.require(
        downscaleFactor > 0,
        "PixelUnshuffle: the factor is " + downscaleFactor + ", but must be positive.");
    this.downscaleFactor = downscaleFactor;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Resampling.pixelUnshuffle(input, downscaleFactor);
  }

  @Override
  public String toString() {
    return "PixelUnshuffle(" + downscaleFactor + ")";
  }
}
