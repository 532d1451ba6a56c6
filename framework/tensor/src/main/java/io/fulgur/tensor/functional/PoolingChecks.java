package io.fulgur.tensor.functional;

import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;

/** Tells what does not fit in the input and options of a pooling. */
final class PoolingChecks {
  private PoolingChecks() {}

  static void input(String name, int spatial, Tensor input) {
    if (!input.dtype().isFloating()) {
      throw DTypeException.unsupported(
          name, input.dtype(), "a floating-point tensor; convert with to(DType.F32)");
    }
    if (input.rank() != spatial + 2 && input.rank() != spatial + 1) {
      throw ShapeException.mismatch(
          name,
          "the input must be [batch, channels, ...] with %d spatial dimensions, or that without"
                  .formatted(spatial)
              + " batch",
          input.shape());
    }
  }

  static WindowGeometry window(String name, Tensor input, PoolingOptions options) {
    int[] sizes = ConvolutionChecks.spatial(input);
    int rank = sizes.length;
    int[] kernel = PerDimension.resolve(name, "kernelSize", options.kernelSize(), rank);
    int[] stride = PerDimension.resolve(name, "stride", options.stride(), rank);
    int[] padding = PerDimension.resolve(name, "padding", options.padding(), rank);
    int[] dilation = PerDimension.resolve(name, "dilation", options.dilation(), rank);
    int[] output = new int[rank];
    for (int i = 0; i < rank; i++) {
      if (2 * padding[i] > kernel[i]) {
        throw PerDimension.invalid(
            "%s: padding is %d, but must be at most half of the kernel size %d."
                .formatted(name, padding[i], kernel[i]));
      }
      int extent = dilation[i] * (kernel[i] - 1) + 1;
      int room = sizes[i] + 2 * padding[i] - extent;
      int up = options.ceilMode() ? stride[i] - 1 : 0;
      output[i] = Math.floorDiv(room + up, stride[i]) + 1;
      // A window that begins behind the input sees nothing.
      if (options.ceilMode() && (output[i] - 1) * stride[i] >= sizes[i] + padding[i]) {
        output[i]--;
      }
      if (output[i] < 1 || sizes[i] == 0) {
        throw ShapeException.mismatch(
            name,
            "a window of %d (kernel %d, dilation %d) does not fit into the %d of spatial dimension"
                    .formatted(extent, kernel[i], dilation[i], sizes[i] + 2 * padding[i])
                + " %d (size %d, padding %d)".formatted(i, sizes[i], padding[i]),
            input.shape());
      }
    }
    return WindowGeometry.regular(sizes, kernel, output, stride, padding, dilation);
  }

  static WindowGeometry adaptive(String name, Tensor input, int... output) {
    int[] sizes = ConvolutionChecks.spatial(input);
    for (int i = 0; i < sizes.length; i++) {
      if (output[i] < 1 || sizes[i] == 0) {
        throw ShapeException.mismatch(
            name,
            "an output of size %s needs sizes of at least 1 and an input that is not empty"
                .formatted(Arrays.toString(output)),
            input.shape());
      }
    }
    return WindowGeometry.adaptive(sizes, output);
  }
}
