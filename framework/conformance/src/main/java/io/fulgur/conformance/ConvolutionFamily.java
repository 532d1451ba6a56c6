package io.fulgur.conformance;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Convolution;
import io.fulgur.tensor.functional.ConvolutionOptions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Convolutions, transposed ones, and what they are made of. */
final class ConvolutionFamily extends Family {
  private static final ConvolutionOptions DEFAULTS = ConvolutionOptions.defaults();

  /** A convolution over some number of dimensions. */
  @FunctionalInterface
  private interface Function {
    Tensor apply(Tensor input, Tensor weight, @Nullable Tensor bias, ConvolutionOptions options);
  }

  ConvolutionFamily() {
    super("convolution");
    convolution("conv1d", Convolution::conv1d, 1);
    convolution("conv2d", Convolution::conv2d, 2);
    convolution("conv3d", Convolution::conv3d, 3);
    transposed("convTranspose1d", Convolution::convTranspose1d, 1);
    transposed("convTranspose2d", Convolution::convTranspose2d, 2);
    transposed("convTranspose3d", Convolution::convTranspose3d, 3);
    operator(
        "unfold", in -> Convolution.unfold(in.tensor(0), in.integers("kernel_size"), options(in)));
    operator(
        "fold",
        in ->
            Convolution.fold(
                in.tensor(0), in.integers("output_size"), in.integers("kernel_size"), options(in)));
    rejects(
        "unfold",
        "a window larger than the image",
        () -> Convolution.unfold(Tensor.ones(1, 2, 3, 3), new int[] {2, 4}, DEFAULTS),
        ShapeException.class,
        "unfold of [1, 2, 3, 3]",
        "window of 4",
        "dimension 1");
    rejects(
        "fold",
        "another number of windows",
        () -> Convolution.fold(Tensor.ones(1, 8, 5), new int[] {3, 3}, new int[] {2, 2}, DEFAULTS),
        ShapeException.class,
        "fold of [1, 8, 5]",
        "4 windows of 4 elements");
    rejects(
        "conv2d",
        "padding that keeps the size with a stride",
        () ->
            Convolution.conv2d(
                Tensor.ones(1, 1, 4, 4),
                Tensor.ones(1, 1, 3, 3),
                null,
                DEFAULTS.samePadding().stride(2)),
        FulgurException.class,
        "conv2d",
        "stride is [2, 2]");
    rejects(
        "conv2d",
        "output padding",
        () ->
            Convolution.conv2d(
                Tensor.ones(1, 1, 4, 4), Tensor.ones(1, 1, 3, 3), null, DEFAULTS.outputPadding(1)),
        FulgurException.class,
        "conv2d",
        "outputPadding is [1]");
    rejects(
        "convTranspose2d",
        "output padding that a stride cannot lose",
        () ->
            Convolution.convTranspose2d(
                Tensor.ones(1, 1, 4, 4),
                Tensor.ones(1, 1, 3, 3),
                null,
                DEFAULTS.stride(2).outputPadding(2)),
        FulgurException.class,
        "convTranspose2d",
        "outputPadding is 2",
        "stride 2");
    rejects(
        "conv2d",
        "a stride for one dimension of three",
        () ->
            Convolution.conv2d(
                Tensor.ones(1, 1, 4, 4), Tensor.ones(1, 1, 3, 3), null, DEFAULTS.stride(1, 1, 1)),
        FulgurException.class,
        "conv2d",
        "stride is [1, 1, 1]",
        "2 spatial dimensions");
  }

  private void convolution(String name, Function function, int spatial) {
    operator(name, in -> function.apply(in.tensor(0), in.tensor(1), in.optional(2), options(in)));
    both(name, function, spatial);
    rejects(
        name,
        "other channels",
        () -> function.apply(ones(spatial, 2, 3, 4), ones(spatial, 5, 2, 3), null, DEFAULTS),
        ShapeException.class,
        name,
        "3 channels",
        "for 2 with groups = 1");
    rejects(
        name,
        "a window larger than the input",
        () -> function.apply(ones(spatial, 2, 3, 4), ones(spatial, 5, 3, 6), null, DEFAULTS),
        ShapeException.class,
        name,
        "a window of 6",
        "size 4, padding 0");
    rejects(
        name,
        "channels that cannot be divided",
        () ->
            function.apply(
                ones(spatial, 2, 4, 4), ones(spatial, 5, 2, 3), null, DEFAULTS.groups(2)),
        ShapeException.class,
        name,
        "5 output channels",
        "2 groups");
  }

  private void transposed(String name, Function function, int spatial) {
    operator(name, in -> function.apply(in.tensor(0), in.tensor(1), in.optional(2), options(in)));
    both(name, function, spatial);
    rejects(
        name,
        "other channels",
        () -> function.apply(ones(spatial, 2, 3, 4), ones(spatial, 2, 5, 3), null, DEFAULTS),
        ShapeException.class,
        name,
        "3 channels",
        "for 2");
    rejects(
        name,
        "padding that leaves nothing",
        () ->
            function.apply(
                ones(spatial, 2, 3, 1), ones(spatial, 3, 5, 3), null, DEFAULTS.padding(2)),
        ShapeException.class,
        name,
        "size -1");
  }

  private void both(String name, Function function, int spatial) {
    rejects(
        name,
        "a missing dimension",
        () -> function.apply(Tensor.ones(3), ones(spatial, 5, 3, 3), null, DEFAULTS),
        ShapeException.class,
        name,
        "[3]",
        "[batch, channels, ");
    rejects(
        name,
        "two types",
        () ->
            function.apply(
                ones(spatial, 2, 3, 4), ones(spatial, 3, 3, 3).to(DType.F64), null, DEFAULTS),
        DTypeException.class,
        name,
        "F32 and F64");
    rejects(
        name,
        "a bias of another size",
        () ->
            function.apply(
                ones(spatial, 2, 3, 4), ones(spatial, 3, 3, 3), Tensor.ones(4), DEFAULTS),
        ShapeException.class,
        name,
        "[4]",
        "[outChannels] = [3]");
  }

  private static Tensor ones(int spatial, long first, long second, long size) {
    long[] shape = new long[spatial + 2];
    Arrays.fill(shape, size);
    shape[0] = first;
    shape[1] = second;
    return Tensor.ones(shape);
  }

  private static ConvolutionOptions options(Arguments in) {
    ConvolutionOptions options = DEFAULTS;
    if (in.has("stride")) {
      options = options.stride(in.integers("stride"));
    }
    if (in.has("padding")) {
      options =
          in.text("padding").equals("same")
              ? options.samePadding()
              : options.padding(in.integers("padding"));
    }
    if (in.has("dilation")) {
      options = options.dilation(in.integers("dilation"));
    }
    if (in.has("output_padding")) {
      options = options.outputPadding(in.integers("output_padding"));
    }
    return in.has("groups") ? options.groups(in.integer("groups")) : options;
  }
}
