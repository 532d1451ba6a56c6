package io.fulgur.tensor.functional;

import io.fulgur.tensor.Calls;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;

/**
 * Maxima and means of windows, as the functions of these names in {@code torch.nn.functional}.
 *
 * <p>Shapes: input {@code [batch, channels, d...]}, output {@code [batch, channels, e...]} with
 * {@code e = (d + 2 padding - dilation (kernel - 1) - 1) / stride + 1}, rounded down, or up in ceil
 * mode. An input without batch dimension gives an output without one. Inputs are of a
 * floating-point type.
 *
 * <p>What does not fit is a {@link ShapeException} or {@link DTypeException}; options that
 * contradict each other are a {@link io.fulgur.error.FulgurException}.
 *
 * @since 0.1
 */
public final class Pooling {
  private static final double[] NO_SCALARS = {};

  private Pooling() {}

  /** Maxima and where they are. */
  public record Maxima(Tensor values, Tensor indices) {}

  /** Returns the maxima of windows over one dimension. */
  public static Tensor maxPool1d(Tensor input, PoolingOptions options) {
    return maxPool("maxPool1d", 1, input, options);
  }

  /** Returns the maxima of windows over two dimensions. */
  public static Tensor maxPool2d(Tensor input, PoolingOptions options) {
    return maxPool("maxPool2d", 2, input, options);
  }

  /** Returns the maxima of windows over three dimensions. */
  public static Tensor maxPool3d(Tensor input, PoolingOptions options) {
    return maxPool("maxPool3d", 3, input, options);
  }

  /** Returns the means of windows over one dimension. */
  public static Tensor avgPool1d(Tensor input, PoolingOptions options) {
    return averagePool("avgPool1d", 1, input, options);
  }

  /** Returns the means of windows over two dimensions. */
  public static Tensor avgPool2d(Tensor input, PoolingOptions options) {
    return averagePool("avgPool2d", 2, input, options);
  }

  /** Returns the means of windows over three dimensions. */
  public static Tensor avgPool3d(Tensor input, PoolingOptions options) {
    return averagePool("avgPool3d", 3, input, options);
  }

  /** Returns the maxima of {@code length} windows of about equal size. */
  public static Tensor adaptiveMaxPool1d(Tensor input, int length) {
    return adaptiveMaxPool("adaptiveMaxPool1d", input, length);
  }

  /** Returns the maxima of {@code height * width} windows. */
  public static Tensor adaptiveMaxPool2d(Tensor input, int height, int width) {
    return adaptiveMaxPool("adaptiveMaxPool2d", input, height, width);
  }

  /** Returns the maxima of {@code depth * height * width} windows. */
  public static Tensor adaptiveMaxPool3d(Tensor input, int depth, int height, int width) {
    return adaptiveMaxPool("adaptiveMaxPool3d", input, depth, height, width);
  }

  /** Returns the means of {@code length} windows. */
  public static Tensor adaptiveAvgPool1d(Tensor input, int length) {
    return adaptiveAveragePool("adaptiveAvgPool1d", input, length);
  }

  /** Returns the means of {@code height * width} windows; 1 and 1 are the mean of each channel. */
  public static Tensor adaptiveAvgPool2d(Tensor input, int height, int width) {
    return adaptiveAveragePool("adaptiveAvgPool2d", input, height, width);
  }

  /** Returns the means of {@code depth * height * width} windows. */
  public static Tensor adaptiveAvgPool3d(Tensor input, int depth, int height, int width) {
    return adaptiveAveragePool("adaptiveAvgPool3d", input, depth, height, width);
  }

  /**
   * Returns the maxima of windows over two dimensions, and their places: {@link DType#I64} indices
   * into the row-major elements of a channel, as {@code max_pool2d(return_indices=True)}.
   */
  public static Maxima maxPool2dWithIndices(Tensor input, PoolingOptions options) {
    if (input.rank() == 3) {
      Maxima one = maxPool2dWithIndices(input.unsqueeze(0), options);
      return new Maxima(one.values().squeeze(0), one.indices().squeeze(0));
    }
    PoolingChecks.input("maxPool2dWithIndices", 2, input);
    WindowGeometry window = PoolingChecks.window("maxPool2dWithIndices", input, options);
    Tensor[] out = max(input, window);
    Tensor element = out[1].to(DType.I64).contiguous();
    long[] starts = new long[window.outputElements()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] =
          (long) window.start(0, i / window.output(1)) * window.input(1)
              + window.start(1, i % window.output(1));
    }
    long[] offsets = new long[window.kernelElements()];
    for (int k = 0; k < offsets.length; k++) {
      offsets[k] =
          (long) (k / window.kernel(1)) * window.dilation(0) * window.input(1)
              + (long) (k % window.kernel(1)) * window.dilation(1);
    }
    Tensor indices =
        Tensor.of(offsets, offsets.length)
            .indexSelect(0, element.flatten(0, -1))
            .reshape(element.shape().toArray())
            .add(Tensor.of(starts, window.output(0), window.output(1)));
    return new Maxima(out[0], indices);
  }

  private static Tensor maxPool(String name, int spatial, Tensor input, PoolingOptions options) {
    PoolingChecks.input(name, spatial, input);
    if (input.rank() == spatial + 1) {
      return maxPool(name, spatial, input.unsqueeze(0), options).squeeze(0);
    }
    Tensor[] out = max(input, PoolingChecks.window(name, input, options));
    out[1].release();
    return out[0];
  }

  private static Tensor adaptiveMaxPool(String name, Tensor input, int... sizes) {
    PoolingChecks.input(name, sizes.length, input);
    if (input.rank() == sizes.length + 1) {
      return adaptiveMaxPool(name, input.unsqueeze(0), sizes).squeeze(0);
    }
    Tensor[] out = max(input, PoolingChecks.adaptive(name, input, sizes));
    out[1].release();
    return out[0];
  }

  private static Tensor[] max(Tensor input, WindowGeometry window) {
    PoolingAttributes attributes =
        new PoolingAttributes(window, /* countPadding= */ false, input.memoryFormat());
    Tensor x = input.contiguous(attributes.format());
    Tensor[] out = Calls.callAll(PoolingOperators.MAX_POOL, attributes, NO_SCALARS, x);
    Tensor index = out[1];
    if (Calls.tracks(x)) {
      Calls.record(
          out[0],
          "maxPool",
          (grad, g) ->
              g.give(
                  x,
                  Calls.call(
                      PoolingOperators.MAX_POOL_BACKWARD,
                      attributes,
                      grad.contiguous(attributes.format()),
                      index)),
          index);
    }
    return out;
  }

  private static Tensor averagePool(
      String name, int spatial, Tensor input, PoolingOptions options) {
    PoolingChecks.input(name, spatial, input);
    if (input.rank() == spatial + 1) {
      return averagePool(name, spatial, input.unsqueeze(0), options).squeeze(0);
    }
    if (options.dilation().stream().anyMatch(d -> d != 1)) {
      throw PerDimension.invalid(
          "%s: dilation is %s, but only the windows of maxima can be dilated."
              .formatted(name, options.dilation()));
    }
    WindowGeometry window = PoolingChecks.window(name, input, options);
    return average(input, window, options.countIncludePad());
  }

  private static Tensor adaptiveAveragePool(String name, Tensor input, int... sizes) {
    PoolingChecks.input(name, sizes.length, input);
    if (input.rank() == sizes.length + 1) {
      return adaptiveAveragePool(name, input.unsqueeze(0), sizes).squeeze(0);
    }
    WindowGeometry window = PoolingChecks.adaptive(name, input, sizes);
    return average(input, window, /* countPadding= */ false);
  }

  private static Tensor average(Tensor input, WindowGeometry window, boolean countPadding) {
    PoolingAttributes attributes =
        new PoolingAttributes(window, countPadding, input.memoryFormat());
    Tensor x = input.contiguous(attributes.format());
    Tensor y = Calls.call(PoolingOperators.AVERAGE_POOL, attributes, x);
    return Calls.tracks(x)
        ? Calls.record(
            y,
            "averagePool",
            (grad, g) ->
                g.give(
                    x,
                    Calls.call(
                        PoolingOperators.AVERAGE_POOL_BACKWARD,
                        attributes,
                        grad.contiguous(attributes.format()))))
        : y;
  }
}
