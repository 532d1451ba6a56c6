package io.fulgur.nn;

import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.ConvolutionOptions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What all convolutions have in common. */
abstract class ConvolutionLayer extends Module implements WeightedLayer {
  private final Parameter weight;
  private final @Nullable Parameter bias;
  private final ConvolutionOptions options;

  /**
   * Makes the parameters.
   *
   * @param dimensions how many spatial dimensions there are
   * @param transposed whether the weight is {@code [inChannels, outChannels / groups, kernel...]}
   */
  ConvolutionLayer(
      int dimensions,
      boolean transposed,
      long inChannels,
      long outChannels,
      int[] kernelSize,
      ConvolutionOptions options,
      boolean bias) {
    long first = transposed ? inChannels : outChannels;
    long second = transposed ? outChannels : inChannels;
    Checks.require(
        kernelSize.length == dimensions,
        "%s: the kernel needs %d sizes, but got %d."
            .formatted(simpleName(), dimensions, kernelSize.length));
    Checks.require(
        inChannels > 0 && outChannels > 0 && Arrays.stream(kernelSize).allMatch(k -> k > 0),
        "%s(inChannels=%d, outChannels=%d, kernelSize=%s): all must be positive."
            .formatted(simpleName(), inChannels, outChannels, Arrays.toString(kernelSize)));
    Checks.require(
        inChannels % options.groups() == 0 && outChannels % options.groups() == 0,
        "%s(inChannels=%d, outChannels=%d): both must be divisible by groups = %d."
            .formatted(simpleName(), inChannels, outChannels, options.groups()));
    long[] shape = new long[kernelSize.length + 2];
    shape[0] = first;
    shape[1] = second / options.groups();
    long fanIn = shape[1];
    for (int i = 0; i < kernelSize.length; i++) {
      shape[i + 2] = kernelSize[i];
      fanIn *= kernelSize[i];
    }
    double bound = 1 / Math.sqrt((double) fanIn);
    this.weight = uniform(bound, shape);
    this.bias = bias ? uniform(bound, outChannels) : null;
    this.options = options;
  }

  private static Parameter uniform(double bound, long... shape) {
    Parameter parameter = Parameter.of(Tensor.zeros(shape));
    Initializers.uniform(parameter, -bound, bound);
    return parameter;
  }

  @Override
  public final Parameter weight() {
    return weight;
  }

  @Override
  public final @Nullable Parameter bias() {
    return bias;
  }

  /** Returns stride, padding, dilation and groups. */
  public final ConvolutionOptions options() {
    return options;
  }

  @Override
  public final Tensor forward(Tensor input) {
    return forward(input, weight);
  }

  @Override
  public final String toString() {
    long[] shape = weight.shape().toArray();
    boolean transposed = outputDimension() == 1;
    long[] kernel = Arrays.copyOfRange(shape, 2, shape.length);
    return "%s(%d, %d, kernelSize=%s, stride=%s, padding=%s, dilation=%s, groups=%d, bias=%b)"
        .formatted(
            simpleName(),
            transposed ? shape[0] : shape[1] * options.groups(),
            transposed ? shape[1] * options.groups() : shape[0],
            Arrays.toString(kernel),
            options.stride(),
            options.same() ? "same" : options.padding(),
            options.dilation(),
            options.groups(),
            bias != null);
  }
}
