package io.fulgur.conformance;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Pooling;
import io.fulgur.tensor.functional.PoolingOptions;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Maxima and means of windows. */
final class PoolingFamily extends Family {
  PoolingFamily() {
    super("pooling");
    pool("maxPool1d", Pooling::maxPool1d, 1);
    pool("maxPool2d", Pooling::maxPool2d, 2);
    pool("maxPool3d", Pooling::maxPool3d, 3);
    pool("avgPool1d", Pooling::avgPool1d, 1);
    pool("avgPool2d", Pooling::avgPool2d, 2);
    pool("avgPool3d", Pooling::avgPool3d, 3);
    operators(
        "maxPool2dWithIndices",
        in -> {
          Pooling.Maxima maxima = Pooling.maxPool2dWithIndices(in.tensor(0), options(in));
          return new Tensor[] {maxima.values(), maxima.indices()};
        });
    wrong("maxPool2dWithIndices", (x, o) -> Pooling.maxPool2dWithIndices(x, o).values(), 2);
    adaptive("adaptiveMaxPool1d", (x, s) -> Pooling.adaptiveMaxPool1d(x, s[0]), 1);
    adaptive("adaptiveMaxPool2d", (x, s) -> Pooling.adaptiveMaxPool2d(x, s[0], s[1]), 2);
    adaptive("adaptiveMaxPool3d", (x, s) -> Pooling.adaptiveMaxPool3d(x, s[0], s[1], s[2]), 3);
    adaptive("adaptiveAvgPool1d", (x, s) -> Pooling.adaptiveAvgPool1d(x, s[0]), 1);
    adaptive("adaptiveAvgPool2d", (x, s) -> Pooling.adaptiveAvgPool2d(x, s[0], s[1]), 2);
    adaptive("adaptiveAvgPool3d", (x, s) -> Pooling.adaptiveAvgPool3d(x, s[0], s[1], s[2]), 3);
    rejects(
        "avgPool2d",
        "dilation",
        () -> Pooling.avgPool2d(Tensor.ones(1, 1, 5, 5), PoolingOptions.kernelSize(2).dilation(2)),
        FulgurException.class,
        "avgPool2d",
        "dilation is [2]");
  }

  private void pool(String name, BiFunction<Tensor, PoolingOptions, Tensor> function, int spatial) {
    operator(name, in -> function.apply(in.tensor(0), options(in)));
    wrong(name, function, spatial);
  }

  private void wrong(
      String name, BiFunction<Tensor, PoolingOptions, Tensor> function, int spatial) {
    rejects(
        name,
        "a window larger than the input",
        () -> function.apply(ones(spatial, 3), PoolingOptions.kernelSize(4)),
        ShapeException.class,
        name,
        "a window of 4",
        "size 3, padding 0");
    rejects(
        name,
        "padding of more than half a window",
        () -> function.apply(ones(spatial, 5), PoolingOptions.kernelSize(2).padding(2)),
        FulgurException.class,
        name,
        "padding is 2",
        "kernel size 2");
    missingDimension(name, x -> function.apply(x, PoolingOptions.kernelSize(2)));
  }

  private void adaptive(String name, BiFunction<Tensor, int[], Tensor> function, int spatial) {
    operator(name, in -> function.apply(in.tensor(0), in.integers("output_size")));
    rejects(
        name,
        "an output of no elements",
        () -> function.apply(ones(spatial, 3), new int[spatial]),
        ShapeException.class,
        name,
        Arrays.toString(new int[spatial]));
    int[] sizes = new int[spatial];
    Arrays.fill(sizes, 2);
    missingDimension(name, x -> function.apply(x, sizes));
  }

  private void missingDimension(String name, UnaryOperator<Tensor> function) {
    rejects(
        name,
        "a missing dimension",
        () -> function.apply(Tensor.ones(3)),
        ShapeException.class,
        name,
        "[3]",
        "[batch, channels, ...]");
  }

  private static Tensor ones(int spatial, long size) {
    long[] shape = new long[spatial + 2];
    Arrays.fill(shape, size);
    return Tensor.ones(shape);
  }

  private static PoolingOptions options(Arguments in) {
    PoolingOptions options = PoolingOptions.kernelSize(in.integers("kernel_size"));
    if (in.has("stride")) {
      options = options.stride(in.integers("stride"));
    }
    if (in.has("padding")) {
      options = options.padding(in.integers("padding"));
    }
    if (in.has("dilation")) {
      options = options.dilation(in.integers("dilation"));
    }
    if (in.has("ceil_mode")) {
      options = options.ceilMode(in.flag("ceil_mode"));
    }
    return in.has("count_include_pad")
        ? options.countIncludePad(in.flag("count_include_pad"))
        : options;
  }
}
