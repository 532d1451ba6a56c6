package io.fulgur.conformance;

import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Padding;
import io.fulgur.tensor.functional.Resampling;
import java.util.function.BiFunction;

/** Padding, interpolation and the shuffling of pixels. */
final class ResamplingFamily extends Family {
  ResamplingFamily() {
    super("resampling");
    operator(
        "padConstant",
        in -> Padding.constant(in.tensor(0), in.number("value"), in.integers("pad")));
    pad("padReflect", Padding::reflect);
    pad("padReplicate", Padding::replicate);
    pad("padCircular", Padding::circular);
    operator("nearest", in -> Resampling.nearest(in.tensor(0), in.integers("size")));
    operator(
        "linear",
        in -> Resampling.linear(in.tensor(0), in.flag("align_corners"), in.integers("size")));
    operator("pixelShuffle", in -> Resampling.pixelShuffle(in.tensor(0), in.integer(0)));
    operator("pixelUnshuffle", in -> Resampling.pixelUnshuffle(in.tensor(0), in.integer(0)));
    rejects(
        "padConstant",
        "half a pair",
        () -> Padding.constant(Tensor.ones(2, 3), 0, 1),
        ShapeException.class,
        "pad of [2, 3] by [1]",
        "pairs");
    rejects(
        "padConstant",
        "cutting off more than there is",
        () -> Padding.constant(Tensor.ones(2, 3), 0, -2, -2),
        ShapeException.class,
        "pad of [2, 3] by [-2, -2]",
        "dimension 1");
    rejects(
        "padReflect",
        "more than there is to reflect",
        () -> Padding.reflect(Tensor.ones(2, 3), 3, 0),
        ShapeException.class,
        "reflect of [2, 3] by [3, 0]",
        "size 3",
        "0 to 2");
    rejects(
        "padCircular",
        "more than a round",
        () -> Padding.circular(Tensor.ones(2, 3), 0, 4),
        ShapeException.class,
        "circular of [2, 3] by [0, 4]",
        "0 to 3");
    rejects(
        "nearest",
        "a size for another number of dimensions",
        () -> Resampling.nearest(Tensor.ones(2, 3, 4), 5, 6),
        ShapeException.class,
        "nearest",
        "[2, 3, 4]",
        "[5, 6]");
    rejects(
        "linear",
        "a size of 0",
        () -> Resampling.linear(Tensor.ones(2, 3, 4), false, 0),
        ShapeException.class,
        "linear",
        "[2, 3, 4]",
        "[0]");
    rejects(
        "pixelShuffle",
        "channels that cannot be divided",
        () -> Resampling.pixelShuffle(Tensor.ones(2, 3, 4, 4), 2),
        ShapeException.class,
        "pixelShuffle of [2, 3, 4, 4]",
        "channels * 2²");
    rejects(
        "pixelUnshuffle",
        "sizes that cannot be divided",
        () -> Resampling.pixelUnshuffle(Tensor.ones(2, 3, 4, 5), 2),
        ShapeException.class,
        "pixelUnshuffle of [2, 3, 4, 5]",
        "width * 2");
  }

  private void pad(String name, BiFunction<Tensor, int[], Tensor> function) {
    operator(name, in -> function.apply(in.tensor(0), in.integers("pad")));
    rejects(
        name,
        "negative amounts",
        () -> function.apply(Tensor.ones(2, 3), new int[] {-1, 0}),
        ShapeException.class,
        "of [2, 3] by [-1, 0]",
        "dimension 1");
  }
}
