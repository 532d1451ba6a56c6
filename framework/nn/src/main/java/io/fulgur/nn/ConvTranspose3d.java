package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Convolution;
import io.fulgur.tensor.functional.ConvolutionOptions;

/**
 * Transposed convolution over three dimensions, as {@code torch.nn.ConvTranspose3d}. It is the
 * gradient of a convolution with respect to its input, and makes inputs larger where that makes
 * them smaller.
 *
 * <p>Shapes: input {@code [batch, inChannels, depth, height, width]}, or that without batch, weight
 * {@code [inChannels, outChannels / groups, kernel...]}, bias {@code [outChannels]}, output {@code
 * [batch, outChannels, ...]} with the sizes that {@link Convolution} tells. Weight and bias start
 * uniform in ±1/√fanIn, {@code fanIn} being the elements of {@code weight[0]}, as PyTorch's do.
 *
 * @since 0.1
 */
public final class ConvTranspose3d extends ConvolutionLayer {
  /**
   * Makes a convolution with stride 1, no padding, and a bias.
   *
   * @throws io.fulgur.error.FulgurException if a size is not positive
   */
  public ConvTranspose3d(long inChannels, long outChannels, int kernelSize) {
    this(inChannels, outChannels, kernelSize, ConvolutionOptions.defaults());
  }

  /**
   * Makes a convolution with a bias.
   *
   * @throws io.fulgur.error.FulgurException if a size is not positive, or the channels cannot be
   *     divided into the groups
   */
  public ConvTranspose3d(
      long inChannels, long outChannels, int kernelSize, ConvolutionOptions options) {
    this(inChannels, outChannels, kernelSize, options, /* bias= */ true);
  }

  /**
   * Makes a convolution.
   *
   * @throws io.fulgur.error.FulgurException if a size is not positive, or the channels cannot be
   *     divided into the groups
   */
  public ConvTranspose3d(
      long inChannels, long outChannels, int kernelSize, ConvolutionOptions options, boolean bias) {
    this(inChannels, outChannels, new int[] {kernelSize, kernelSize, kernelSize}, options, bias);
  }

  /**
   * Makes a convolution whose kernel has a size for each dimension.
   *
   * @param kernelSize {@code depth, height, width} of the kernel
   * @throws io.fulgur.error.FulgurException if a size is not positive, or the channels cannot be
   *     divided into the groups
   */
  public ConvTranspose3d(
      long inChannels,
      long outChannels,
      int[] kernelSize,
      ConvolutionOptions options,
      boolean bias) {
    super(3, /* transposed= */ true, inChannels, outChannels, kernelSize, options, bias);
  }

  @Override
  public Tensor forward(Tensor input, Tensor weight) {
    return Convolution.convTranspose3d(input, weight, bias(), options());
  }

  @Override
  public int outputDimension() {
    return 1;
  }
}
