package io.fulgur.tensor.functional;

import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;

/**
 * Changes the size of images and signals, as {@code torch.nn.functional.interpolate}, {@code
 * pixel_shuffle} and {@code pixel_unshuffle}. Inputs are {@code [batch, channels, d...]}.
 *
 * @since 0.1
 */
public final class Resampling {
  private Resampling() {}

  /**
   * Returns the input in another size, each element being the nearest one: element {@code i} is
   * {@code floor(i · size / newSize)}, as {@code mode="nearest"}.
   *
   * @param sizes the new size of each spatial dimension
   */
  public static Tensor nearest(Tensor input, int... sizes) {
    check("nearest", input, sizes);
    Tensor resized = input;
    for (int i = 0; i < sizes.length; i++) {
      long from = input.size(i + 2);
      if (from != sizes[i]) {
        // In single precision and so rounded as there.
        float scale = (float) from / sizes[i];
        long[] index = new long[sizes[i]];
        Arrays.setAll(index, o -> Math.min((long) Math.floor(o * scale), from - 1));
        resized = resized.indexSelect(i + 2, Tensor.of(index, index.length));
      }
    }
    return resized;
  }

  /**
   * Returns the input in another size, each element weighted from its two neighbours along each
   * spatial dimension, as {@code mode="linear"}, {@code "bilinear"} and {@code "trilinear"}.
   *
   * @param alignCorners whether the centres of the outermost elements stay where they are, rather
   *     than their outer edges
   * @param sizes the new size of each spatial dimension
   */
  public static Tensor linear(Tensor input, boolean alignCorners, int... sizes) {
    check("linear", input, sizes);
    if (!input.dtype().isFloating()) {
      throw DTypeException.unsupported(
          "linear interpolation",
          input.dtype(),
          "a floating-point tensor; convert with to(DType.F32)");
    }
    Tensor resized = input;
    for (int i = 0; i < sizes.length; i++) {
      int dim = i + 2;
      if (input.size(dim) != sizes[i]) {
        Tensor weights = weights(Math.toIntExact(input.size(dim)), sizes[i], alignCorners);
        resized = along(resized, dim, weights.to(input.dtype()));
      }
    }
    return resized;
  }

  /** Returns the share {@code [size, newSize]} that each old element has in each new one. */
  private static Tensor weights(int size, int newSize, boolean alignCorners) {
    double[] weights = new double[size * newSize];
    for (int o = 0; o < newSize; o++) {
      double at =
          alignCorners
              ? newSize == 1 ? 0 : o * (size - 1.0) / (newSize - 1)
              : Math.max(0, (o + 0.5) * size / newSize - 0.5);
      int lower = Math.min((int) at, size - 1);
      int upper = Math.min(lower + 1, size - 1);
      weights[lower * newSize + o] += 1 - (at - lower);
      weights[upper * newSize + o] += at - lower;
    }
    return Tensor.of(weights, size, newSize);
  }

  /** Multiplies along a dimension: a product with it as the last one. */
  private static Tensor along(Tensor x, int dim, Tensor weights) {
    int last = x.rank() - 1;
    return dim == last
        ? x.matmul(weights)
        : x.transpose(dim, last).contiguous().matmul(weights).transpose(dim, last);
  }

  private static void check(String name, Tensor input, int... sizes) {
    boolean fits = sizes.length > 0 && input.rank() == sizes.length + 2;
    for (int i = 0; i < sizes.length && fits; i++) {
      fits = sizes[i] > 0 && input.size(i + 2) > 0;
    }
    if (!fits) {
      throw ShapeException.mismatch(
          name + " interpolation",
          "%s needs one positive size for each spatial dimension of [batch, channels, d...]"
              .formatted(Arrays.toString(sizes)),
          input.shape());
    }
  }

  /**
   * Moves channels into space: {@code [..., channels · r², h, w]} becomes {@code [..., channels, h
   * · r, w · r]}.
   *
   * <p>W. Shi et al., "Real-Time Single Image and Video Super-Resolution Using an Efficient
   * Sub-Pixel Convolutional Neural Network", CVPR 2016.
   *
   * @param upscaleFactor {@code r}
   */
  public static Tensor pixelShuffle(Tensor input, int upscaleFactor) {
    int r = upscaleFactor;
    if (input.rank() < 3 || r < 1 || input.size(-3) % ((long) r * r) != 0) {
      throw ShapeException.mismatch(
          "pixelShuffle", "needs [..., channels * %d², height, width]".formatted(r), input.shape());
    }
    long channels = input.size(-3) / r / r;
    long h = input.size(-2);
    long w = input.size(-1);
    return input
        .reshape(-1, channels, r, r, h, w)
        .permute(0, 1, 4, 2, 5, 3)
        .reshape(lastThree(input, channels, h * r, w * r));
  }

  /** Moves space into channels; the inverse of {@link #pixelShuffle}. */
  public static Tensor pixelUnshuffle(Tensor input, int downscaleFactor) {
    int r = downscaleFactor;
    if (input.rank() < 3 || r < 1 || input.size(-2) % r != 0 || input.size(-1) % r != 0) {
      throw ShapeException.mismatch(
          "pixelUnshuffle",
          "needs [..., channels, height * %d, width * %d]".formatted(r, r),
          input.shape());
    }
    long channels = input.size(-3);
    long h = input.size(-2) / r;
    long w = input.size(-1) / r;
    return input
        .reshape(-1, channels, h, r, w, r)
        .permute(0, 1, 3, 5, 2, 4)
        .reshape(lastThree(input, channels * r * r, h, w));
  }

  private static long[] lastThree(Tensor input, long channels, long h, long w) {
    long[] shape = input.shape().toArray();
    shape[shape.length - 3] = channels;
    shape[shape.length - 2] = h;
    shape[shape.length - 1] = w;
    return shape;
  }
}
