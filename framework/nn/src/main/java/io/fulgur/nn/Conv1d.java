package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Convolution;
import io.fulgur.tensor.functional.ConvolutionOptions;

/**
 * Convolution over one dimension, as {@code torch.nn.Conv1d}.
 *
 * <p>Shapes: input {@code [batch, inChannels, length]}, or that without batch, weight {@code
 * [outChannels, inChannels / groups, kernel...]}, bias {@code [outChannels]}, output {@code [batch,
 * outChannels, ...]} with the sizes that {@link Convolution} tells. Weight and bias start uniform
 * in ±1/√fanIn, {@code fanIn} being the elements of {@code weight[0]}, as PyTorch's do.
 *
 * @since 0.1
 */
public final class Conv1d extends ConvolutionLayer {
  /**
   * Makes a convolution with stride 1, no padding, and a bias.
   *
   * @throws io.fulgur.error.FulgurException if a size is not positive
   */
  public Conv1d(long inChannels, long outChannels, int kernelSize) {
    this(inChannels, outChannels, kernelSize, ConvolutionOptions.defaults());
  }

  /**
   * Makes a convolution with a bias.
   *
   * @throws io.fulgur.error.FulgurException if a size is not positive, or the channels cannot be
   *     divided into the groups
   */
  public Conv1d(long inChannels, long outChannels, int kernelSize, ConvolutionOptions options) {
    this(inChannels, outChannels, kernelSize, options, /* bias= */ true);
  }

  /**
   * Makes a convolution.
   *
   * @throws io.fulgur.error.FulgurException if a size is not positive, or the channels cannot be
   *     divided into the groups
   */
  public Conv1d(
      long inChannels, long outChannels, int kernelSize, ConvolutionOptions options, boolean bias) {
    super(
        1, /* transposed= */ false, inChannels, outChannels, new int[] {kernelSize}, options, bias);
  }

  @Override
  public Tensor forward(Tensor input, Tensor weight) {
    return Convolution.conv1d(input, weight, bias(), options());
  }
}
