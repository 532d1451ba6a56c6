package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Convolution;
import io.fulgur.tensor.functional.ConvolutionOptions;

/**
 * An image that is the sum of its windows, as {@code torch.nn.Fold}.
 *
 * <p>Shapes: input {@code [batch, channels · height · width, windows]}, output {@code [batch,
 * channels, h, w]}.
 *
 * @since 0.1
 */
public final class Fold extends Module {
  private final int[] size;
  private final int[] kernel;
  private final ConvolutionOptions options;

  /**
   * Makes square images of square windows with stride 1 and no padding.
   *
   * @param outputSize height and width of the image
   */
  public Fold(int outputSize, int kernelSize) {
    this(
        new int[] {outputSize, outputSize},
        new int[] {kernelSize, kernelSize},
        ConvolutionOptions.defaults());
  }

  /**
   * Makes images of windows.
   *
   * @param outputSize {@code {h, w}} of the image
   * @param kernelSize {@code {height, width}} of the windows
   * @param options stride, padding and dilation
   * @throws io.fulgur.error.FulgurException if a size is not positive, or there are other options
   */
  public Fold(int[] outputSize, int[] kernelSize, ConvolutionOptions options) {
    Checks.require(
        outputSize.length == 2 && kernelSize.length == 2,
        "Fold: outputSize and kernelSize must have 2 numbers, but have %d and %d."
            .formatted(outputSize.length, kernelSize.length));
    Checks.require(
        outputSize[0] > 0 && outputSize[1] > 0,
        "Fold: outputSize is [%d, %d], but must be positive."
            .formatted(outputSize[0], outputSize[1]));
    Windows.check("Fold", kernelSize[0], kernelSize[1], options);
    this.size = outputSize.clone();
    this.kernel = kernelSize.clone();
    this.options = options;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Convolution.fold(input, size, kernel, options);
  }

  @Override
  public String toString() {
    return "Fold(outputSize=[%d, %d], kernelSize=[%d, %d]%s)"
        .formatted(size[0], size[1], kernel[0], kernel[1], Windows.describe(options));
  }
}
