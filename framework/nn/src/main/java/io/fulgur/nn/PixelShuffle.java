package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Resampling;

/**
 * Moves channels into space: {@code [batch, channels · r², h, w]} becomes {@code [batch, channels,
 * h · r, w · r]}, as {@code torch.nn.PixelShuffle}.
 *
 * @since 0.1
 */
public final class PixelShuffle extends Module {
  private final int upscaleFactor;

  /**
   * Makes the layer.
   *
   * @param upscaleFactor {@code r}
   * @throws io.fulgur.error.FulgurException if it is not positive
   */
  public PixelShuffle(int upscaleFactor) {
    Checks.require(
        upscaleFactor > 0,
        "PixelShuffle: the factor is " + upscaleFactor + ", but must be positive.");
    this.upscaleFactor = upscaleFactor;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Resampling.pixelShuffle(input, upscaleFactor);
  }

  @Override
  public String toString() {
    return "PixelShuffle(" + upscaleFactor + ")";
  }
}
