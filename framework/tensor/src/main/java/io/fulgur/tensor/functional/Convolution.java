package io.fulgur.tensor.functional;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Calls;
import io.fulgur.tensor.Gradients;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.View;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions over one, two or three spatial dimensions, as the functions of these names in {@code
 * torch.nn.functional}.
 *
 * <p>Shapes: input {@code [batch, inChannels, d...]}, weight {@code [outChannels, inChannels /
 * groups, kernel...]}, bias {@code [outChannels]} or null, output {@code [batch, outChannels,
 * e...]} with {@code e = (d + 2 padding - dilation (kernel - 1) - 1) / stride + 1}, rounded down.
 * The weight of a transposed convolution is {@code [inChannels, outChannels / groups, kernel...]},
 * and {@code e = (d - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1}. An input
 * without batch dimension gives an output without one. All operands have one floating-point type.
 *
 * <p>What does not fit is a {@link ShapeException} or {@link io.fulgur.tensor.DTypeException};
 * options that contradict each other are a {@link io.fulgur.error.FulgurException}.
 *
 * @since 0.1
 */
public final class Convolution {
  private Convolution() {}

  /** Returns the convolution over one dimension, input {@code [batch, channels, length]}. */
  public static Tensor conv1d(
      Tensor input, Tensor weight, @Nullable Tensor bias, ConvolutionOptions options) {
    return convolution("conv1d", 1, input, weight, bias, options);
  }

  /** Returns the convolution over two dimensions, input {@code [batch, channels, h, w]}. */
  public static Tensor conv2d(
      Tensor input, Tensor weight, @Nullable Tensor bias, ConvolutionOptions options) {
    return convolution("conv2d", 2, input, weight, bias, options);
  }

  /** Returns the convolution over three dimensions, input {@code [batch, channels, d, h, w]}. */
  public static Tensor conv3d(
      Tensor input, Tensor weight, @Nullable Tensor bias, ConvolutionOptions options) {
    return convolution("conv3d", 3, input, weight, bias, options);
  }

  /** Returns the transposed convolution over one dimension. */
  public static Tensor convTranspose1d(
      Tensor input, Tensor weight, @Nullable Tensor bias, ConvolutionOptions options) {
    return transposed("convTranspose1d", 1, input, weight, bias, options);
  }

  /** Returns the transposed convolution over two dimensions. */
  public static Tensor convTranspose2d(
      Tensor input, Tensor weight, @Nullable Tensor bias, ConvolutionOptions options) {
    return transposed("convTranspose2d", 2, input, weight, bias, options);
  }

  /** Returns the transposed convolution over three dimensions. */
  public static Tensor convTranspose3d(
      Tensor input, Tensor weight, @Nullable Tensor bias, ConvolutionOptions options) {
    return transposed("convTranspose3d", 3, input, weight, bias, options);
  }

  private static Tensor convolution(
      String name,
      int spatial,
      Tensor givenInput,
      Tensor givenWeight,
      @Nullable Tensor givenBias,
      ConvolutionOptions options) {
    Tensor input = Autocast.input(ConvolutionOperators.CONVOLUTION, givenInput);
    Tensor weight = Autocast.input(ConvolutionOperators.CONVOLUTION, givenWeight);
    Tensor bias = Autocast.optionalInput(ConvolutionOperators.CONVOLUTION, givenBias);
    ConvolutionChecks.operands(name, spatial, input, weight, bias);
    if (input.rank() == spatial + 1) {
      return convolution(name, spatial, input.unsqueeze(0), weight, bias, options).squeeze(0);
    }
    WindowGeometry window = ConvolutionChecks.window(name, input, weight, options);
    ConvolutionChecks.channels(name, input, weight, bias, options.groups());
    MemoryFormat format = format(input);
    return convolve(
        input.contiguous(format),
        weight.contiguous(),
        bias == null ? null : bias.contiguous(),
        new ConvolutionAttributes(window, options.groups(), bias != null, format));
  }

  private static MemoryFormat format(Tensor input) {
    return input.engine().prefersChannelsLast(input.dtype())
        ? MemoryFormat.CHANNELS_LAST
        : input.memoryFormat();
  }

  private static Tensor convolve(
      Tensor x, Tensor weight, @Nullable Tensor bias, ConvolutionAttributes attributes) {
    Tensor y =
        bias == null
            ? Calls.call(ConvolutionOperators.CONVOLUTION, attributes, x, weight)
            : Calls.call(ConvolutionOperators.CONVOLUTION, attributes, x, weight, bias);
    if (!(bias == null ? Calls.tracks(x, weight) : Calls.tracks(x, weight, bias))) {
      return y;
    }
    return Calls.record(
        y,
        "convolution",
        (upstream, g) -> {
          Tensor grad = upstream.contiguous(attributes.format());
          if (x.requiresGrad()) {
            g.give(
                x,
                Calls.call(
                    ConvolutionOperators.CONVOLUTION_BACKWARD_INPUT,
                    attributes.withBias(false),
                    grad,
                    weight));
          }
          if (weight.requiresGrad()) {
            giveWeight(g, weight, bias, attributes, grad, x);
          } else if (bias != null && bias.requiresGrad()) {
            g.give(bias, sumOverAllButChannels(grad));
          }
        },
        x,
        weight);
  }

  /** Passes on the gradients of weight and bias, into their own memory where that can be. */
  private static void giveWeight(
      Gradients g,
      Tensor weight,
      @Nullable Tensor bias,
      ConvolutionAttributes attributes,
      Tensor grad,
      Tensor x) {
    ConvolutionAttributes wanted = attributes.withBias(bias != null && bias.requiresGrad());
    View target = newTarget(g, weight);
    View biasTarget = bias == null || !wanted.bias() ? null : newTarget(g, bias);
    if (target == null || (wanted.bias() && biasTarget == null)) {
      Tensor[] gradients =
          Calls.callAll(
              ConvolutionOperators.CONVOLUTION_BACKWARD_WEIGHT, wanted, NO_SCALARS, grad, x);
      g.give(weight, gradients[0]);
      if (bias != null && wanted.bias()) {
        g.give(bias, gradients[1]);
      }
      return;
    }
    View[] targets = biasTarget == null ? new View[] {target} : new View[] {target, biasTarget};
    Calls.into(
        ConvolutionOperators.CONVOLUTION_BACKWARD_WEIGHT, wanted, Calls.views(grad, x), targets);
    weight.gradWritten();
    if (bias != null && biasTarget != null) {
      bias.gradWritten();
    }
  }

  private static final double[] NO_SCALARS = {};

  /** Returns the memory of a leaf's first gradient, or null if there is none. */
  private static @Nullable View newTarget(Gradients g, Tensor leaf) {
    return leaf.hasGrad() ? null : g.directTarget(leaf);
  }

  private static Tensor transposed(
      String name,
      int spatial,
      Tensor givenInput,
      Tensor givenWeight,
      @Nullable Tensor givenBias,
      ConvolutionOptions options) {
    Tensor input = Autocast.input(ConvolutionOperators.CONVOLUTION, givenInput);
    Tensor weight = Autocast.input(ConvolutionOperators.CONVOLUTION, givenWeight);
    Tensor bias = Autocast.optionalInput(ConvolutionOperators.CONVOLUTION, givenBias);
    ConvolutionChecks.operands(name, spatial, input, weight, bias);
    if (input.rank() == spatial + 1) {
      return transposed(name, spatial, input.unsqueeze(0), weight, bias, options).squeeze(0);
    }
    WindowGeometry window = ConvolutionChecks.transposedWindow(name, input, weight, options);
    ConvolutionChecks.transposedChannels(name, input, weight, bias, options.groups());
    MemoryFormat format = format(input);
    Tensor y =
        transpose(
            input.contiguous(format),
            weight.contiguous(),
            new ConvolutionAttributes(window, options.groups(), /* bias= */ false, format));
    if (bias == null) {
      return y;
    }
    long[] perChannel = new long[spatial + 1];
    Arrays.fill(perChannel, 1);
    perChannel[0] = bias.size(0);
    return y.add(bias.reshape(perChannel));
  }

  private static Tensor transpose(Tensor x, Tensor weight, ConvolutionAttributes attributes) {
    Tensor y = Calls.call(ConvolutionOperators.CONVOLUTION_BACKWARD_INPUT, attributes, x, weight);
    if (!Calls.tracks(x, weight)) {
      return y;
    }
    return Calls.record(
        y,
        "transposedConvolution",
        (upstream, g) -> {
          Tensor grad = upstream.contiguous(attributes.format());
          if (x.requiresGrad()) {
            g.give(x, Calls.call(ConvolutionOperators.CONVOLUTION, attributes, grad, weight));
          }
          if (weight.requiresGrad()) {
            giveWeight(g, weight, null, attributes, x, grad);
          }
        },
        x,
        weight);
  }

  private static Tensor sumOverAllButChannels(Tensor grad) {
    int[] dims = new int[grad.rank() - 1];
    Arrays.setAll(dims, i -> i == 0 ? 0 : i + 1);
    return grad.sum(/* keepDim= */ false, dims);
  }

  /**
   * Returns what each window sees of the input, as {@code torch.nn.functional.unfold}.
   *
   * @param input {@code [batch, channels, h, w]}
   * @param kernel {@code {height, width}} of the windows
   * @param options stride, padding and dilation
   * @return {@code [batch, channels * height * width, windows]}
   */
  public static Tensor unfold(Tensor input, int[] kernel, ConvolutionOptions options) {
    if (input.rank() != 4) {
      throw ShapeException.mismatch("unfold", "needs [batch, channels, h, w]", input.shape());
    }
    WindowGeometry window =
        ConvolutionChecks.window(
            "unfold", ConvolutionChecks.spatial(input), kernel, options, input.shape());
    Tensor x = input.contiguous();
    Tensor columns = Calls.call(ConvolutionOperators.UNFOLD, window, x);
    return Calls.tracks(x)
        ? Calls.record(
            columns,
            "unfold",
            (grad, g) ->
                g.give(x, Calls.call(ConvolutionOperators.FOLD, window, grad.contiguous())))
        : columns;
  }

  /**
   * Returns an image that is the sum of its windows, as {@code torch.nn.functional.fold}.
   *
   * @param columns {@code [batch, channels * height * width, windows]}
   * @param size {@code {h, w}} of the image
   * @param kernel {@code {height, width}} of the windows
   * @param options stride, padding and dilation
   * @return {@code [batch, channels, h, w]}
   */
  public static Tensor fold(Tensor columns, int[] size, int[] kernel, ConvolutionOptions options) {
    WindowGeometry window =
        ConvolutionChecks.window("fold", size, kernel, options, columns.shape());
    if (columns.rank() != 3
        || columns.size(1) % window.kernelElements() != 0
        || columns.size(2) != window.outputElements()) {
      throw ShapeException.mismatch(
          "fold",
          "an image of %s has %d windows of %d elements; needed is [batch, channels * %d, %d]"
              .formatted(
                  Arrays.toString(size),
                  window.outputElements(),
                  window.kernelElements(),
                  window.kernelElements(),
                  window.outputElements()),
          columns.shape());
    }
    Tensor x = columns.contiguous();
    Tensor image = Calls.call(ConvolutionOperators.FOLD, window, x);
    return Calls.tracks(x)
        ? Calls.record(
            image,
            "fold",
            (grad, g) ->
                g.give(x, Calls.call(ConvolutionOperators.UNFOLD, window, grad.contiguous())))
        : image;
  }
}
