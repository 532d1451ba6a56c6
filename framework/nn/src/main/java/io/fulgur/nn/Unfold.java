package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Convolution;
import io.fulgur.tensor.functional.ConvolutionOptions;

/**
 * What each window sees of an image, as {@code torch.nn.Unfold}.
 *
 * <p>Shapes: input {@code [batch, channels, h, w]}, output {@code [batch, channels · height ·
 * width, windows]}, the windows row by row.
 *
 * @since 0.1
 */
public final class Unfold extends Module {
  private final int[] kernel;
  private final ConvolutionOptions options;

  /** Makes square windows with stride 1 and no padding. */
  public Unfold(int kernelSize) {
    this(kernelSize, kernelSize, ConvolutionOptions.defaults());
  }

  /**
   * Makes windows.
   *
   * @param options stride, padding and dilation
   * @throws io.fulgur.error.FulgurException if a size is not positive, or there are other options
   */
  public Unfold(int kernelHeight, int kernelWidth, ConvolutionOptions options) {
    Windows.check("Unfold", kernelHeight, kernelWidth, options);
    this.kernel = new int[] {kernelHeight, kernelWidth};
    this.options = options;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Convolution.unfold(input, kernel, options);
  }

  @Override
  public String toString() {
    return "Unfold(kernelSize=[%d, %d]%s)"
        .formatted(kernel[0], kernel[1], Windows.describe(options));
  }
}
