package io.fulgur.tensor.functional;

import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tells what does not fit in the operands and options of a convolution. */
final class ConvolutionChecks {
  private ConvolutionChecks() {}

  static void operands(
      String name, int spatial, Tensor input, Tensor weight, @Nullable Tensor bias) {
    if (!input.dtype().isFloating()) {
      throw DTypeException.unsupported(
          name, input.dtype(), "a floating-point tensor; convert with to(DType.F32)");
    }
    if (weight.dtype() != input.dtype()) {
      throw DTypeException.mixed(name, input.dtype(), weight.dtype());
    }
    if (bias != null && bias.dtype() != input.dtype()) {
      throw DTypeException.mixed(name, input.dtype(), bias.dtype());
    }
    boolean inputFits = input.rank() == spatial + 2 || input.rank() == spatial + 1;
    if (!inputFits || weight.rank() != spatial + 2) {
      throw ShapeException.mismatch(
          name,
          inputFits
              ? "the weight must have %d dimensions".formatted(spatial + 2)
              : "the input must be [batch, channels, %s], or that without batch"
                  .formatted(names(spatial)),
          input.shape(),
          weight.shape());
    }
  }

  private static String names(int spatial) {
    return spatial == 1 ? "length" : spatial == 2 ? "height, width" : "depth, height, width";
  }

  static void channels(
      String name, Tensor input, Tensor weight, @Nullable Tensor bias, int groups) {
    if (input.size(1) != weight.size(1) * groups) {
      throw ShapeException.mismatch(
          name,
          "the input has %d channels, but the weight [outChannels, inChannels / groups, kernel...]"
                  .formatted(input.size(1))
              + " is for %d with groups = %d".formatted(weight.size(1) * groups, groups),
          input.shape(),
          weight.shape());
    }
    if (weight.size(0) % groups != 0) {
      throw ShapeException.mismatch(
          name,
          "the %d output channels cannot be divided into %d groups"
              .formatted(weight.size(0), groups),
          input.shape(),
          weight.shape());
    }
    bias(name, input, weight, bias, weight.size(0));
  }

  static void transposedChannels(
      String name, Tensor input, Tensor weight, @Nullable Tensor bias, int groups) {
    if (input.size(1) != weight.size(0)) {
      throw ShapeException.mismatch(
          name,
          "the input has %d channels, but the weight [inChannels, outChannels / groups, kernel...]"
                  .formatted(input.size(1))
              + " is for %d".formatted(weight.size(0)),
          input.shape(),
          weight.shape());
    }
    if (weight.size(0) % groups != 0) {
      throw ShapeException.mismatch(
          name,
          "the %d input channels cannot be divided into %d groups"
              .formatted(weight.size(0), groups),
          input.shape(),
          weight.shape());
    }
    bias(name, input, weight, bias, weight.size(1) * groups);
  }

  private static void bias(
      String name, Tensor input, Tensor weight, @Nullable Tensor bias, long outChannels) {
    if (bias != null && (bias.rank() != 1 || bias.size(0) != outChannels)) {
      throw ShapeException.mismatch(
          name,
          "the bias must be [outChannels] = [" + outChannels + "]",
          input.shape(),
          weight.shape(),
          bias.shape());
    }
  }

  /** Returns the sizes of all dimensions but the first two. */
  static int[] spatial(Tensor tensor) {
    int[] sizes = new int[tensor.rank() - 2];
    Arrays.setAll(sizes, i -> Math.toIntExact(tensor.size(i + 2)));
    return sizes;
  }

  static WindowGeometry window(
      String name, Tensor input, Tensor weight, ConvolutionOptions options) {
    return window(name, spatial(input), spatial(weight), options, input.shape(), weight.shape());
  }

  static WindowGeometry window(
      String name, int[] input, int[] kernel, ConvolutionOptions options, Shape... operands) {
    int rank = input.length;
    if (kernel.length != rank) {
      throw PerDimension.invalid(
          "%s: the kernel %s needs one size for each of the %d spatial dimensions."
              .formatted(name, Arrays.toString(kernel), rank));
    }
    int[] stride = PerDimension.resolve(name, "stride", options.stride(), rank);
    int[] padding = PerDimension.resolve(name, "padding", options.padding(), rank);
    int[] dilation = PerDimension.resolve(name, "dilation", options.dilation(), rank);
    if (options.outputPadding().stream().anyMatch(p -> p != 0)) {
      throw PerDimension.invalid(
          "%s: outputPadding is %s, but only a transposed convolution has one."
              .formatted(name, options.outputPadding()));
    }
    int[] output = new int[rank];
    for (int i = 0; i < rank; i++) {
      int extent = dilation[i] * (kernel[i] - 1) + 1;
      if (options.same()) {
        requireStrideOne(name, stride);
        padding[i] = (extent - 1) / 2;
        output[i] = input[i];
        continue;
      }
      int padded = input[i] + 2 * padding[i];
      if (kernel[i] < 1 || extent > padded) {
        throw ShapeException.mismatch(
            name,
            "a window of %d (kernel %d, dilation %d) does not fit into the %d of spatial dimension"
                    .formatted(extent, kernel[i], dilation[i], padded)
                + " %d (size %d, padding %d)".formatted(i, input[i], padding[i]),
            operands);
      }
      output[i] = (padded - extent) / stride[i] + 1;
    }
    return WindowGeometry.regular(input, kernel, output, stride, padding, dilation);
  }

  private static void requireStrideOne(String name, int[] stride) {
    for (int s : stride) {
      if (s != 1) {
        throw PerDimension.invalid(
            "%s: padding that keeps the size needs stride 1, but the stride is %s. Set the padding"
                    .formatted(name, Arrays.toString(stride))
                + " in numbers.");
      }
    }
  }

  /** Returns the geometry of the convolution that a transposed one is the gradient of. */
  static WindowGeometry transposedWindow(
      String name, Tensor input, Tensor weight, ConvolutionOptions options) {
    int rank = input.rank() - 2;
    int[] kernel = spatial(weight);
    int[] stride = PerDimension.resolve(name, "stride", options.stride(), rank);
    int[] padding = PerDimension.resolve(name, "padding", options.padding(), rank);
    int[] dilation = PerDimension.resolve(name, "dilation", options.dilation(), rank);
    int[] more = PerDimension.resolve(name, "outputPadding", options.outputPadding(), rank);
    if (options.same()) {
      throw PerDimension.invalid(
          name + ": a transposed convolution has no padding that keeps the size; set a number.");
    }
    int[] windows = spatial(input);
    int[] sizes = new int[rank];
    for (int i = 0; i < rank; i++) {
      if (more[i] > 0 && more[i] >= Math.max(stride[i], dilation[i])) {
        throw PerDimension.invalid(
            "%s: outputPadding is %d, but must be below the stride %d or the dilation %d."
                .formatted(name, more[i], stride[i], dilation[i]));
      }
      sizes[i] =
          (windows[i] - 1) * stride[i]
              - 2 * padding[i]
              + dilation[i] * (kernel[i] - 1)
              + more[i]
              + 1;
      if (sizes[i] < 1 || kernel[i] < 1) {
        throw ShapeException.mismatch(
            name,
            "spatial dimension %d of the output would have size %d; use less padding"
                .formatted(i, sizes[i]),
            input.shape(),
            weight.shape());
      }
    }
    return WindowGeometry.regular(sizes, kernel, windows, stride, padding, dilation);
  }
}
