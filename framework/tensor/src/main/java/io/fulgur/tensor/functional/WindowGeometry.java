package io.fulgur.tensor.functional;

import io.fulgur.tensor.Shape;
import java.util.Arrays;

/**
 * How the windows of a convolution or pooling lie over the spatial dimensions of its input, with
 * all sizes known. Immutable.
 *
 * <p>Window {@code o} of a dimension begins at {@code o * stride - padding}; its element {@code k}
 * looks at {@code o * stride - padding + k * dilation}. Positions outside of the input are padding:
 * zeros to a convolution, absent to a pooling. Nothing says how far the padding goes on at the end:
 * as far as the last window does.
 *
 * <p>The windows of an {@linkplain #adaptive adaptive} pooling go from {@code o * input / output},
 * rounded down, to {@code (o + 1) * input / output}, rounded up, and so may differ in size.
 *
 * @since 0.1
 */
public final class WindowGeometry {
  private final int[] input;
  private final int[] kernel;
  private final int[] output;
  private final int[] stride;
  private final int[] padding;
  private final int[] dilation;
  private final boolean adaptive;
  private final int hash;

  private WindowGeometry(
      int[] input,
      int[] kernel,
      int[] output,
      int[] stride,
      int[] padding,
      int[] dilation,
      boolean adaptive) {
    this.input = input;
    this.kernel = kernel;
    this.output = output;
    this.stride = stride;
    this.padding = padding;
    this.dilation = dilation;
    this.adaptive = adaptive;
    this.hash = Arrays.deepHashCode(all()) + (adaptive ? 1 : 0);
  }

  private int[][] all() {
    return new int[][] {input, kernel, output, stride, padding, dilation};
  }

  /** Returns the geometry of regular windows; each argument has an element a dimension. */
  static WindowGeometry regular(
      int[] input, int[] kernel, int[] output, int[] stride, int[] padding, int[] dilation) {
    return new WindowGeometry(
        input, kernel, output, stride, padding, dilation, /* adaptive= */ false);
  }

  /** Returns the geometry of as many windows as the output is to have elements. */
  static WindowGeometry adaptive(int[] input, int[] output) {
    int rank = input.length;
    int[] kernel = new int[rank];
    int[] stride = new int[rank];
    int[] ones = new int[rank];
    Arrays.fill(ones, 1);
    boolean even = true;
    for (int i = 0; i < rank; i++) {
      even &= output[i] > 0 && input[i] % output[i] == 0;
      stride[i] = output[i] > 0 ? input[i] / output[i] : 1;
      for (int o = 0; o < output[i]; o++) {
        int end = ceilDiv((o + 1) * (long) input[i], output[i]);
        kernel[i] = Math.max(kernel[i], end - (int) (o * (long) input[i] / output[i]));
      }
    }
    return new WindowGeometry(input, kernel, output, stride, new int[rank], ones, !even);
  }

  private static int ceilDiv(long a, long b) {
    return (int) ((a + b - 1) / b);
  }

  /** Returns the number of spatial dimensions. */
  public int rank() {
    return input.length;
  }

  /** Returns the size of the input along a spatial dimension. */
  public int input(int axis) {
    return input[axis];
  }

  /** Returns the elements of a window along a spatial dimension; of the largest if adaptive. */
  public int kernel(int axis) {
    return kernel[axis];
  }

  /** Returns the number of windows along a spatial dimension. */
  public int output(int axis) {
    return output[axis];
  }

  /** Returns the distance of neighbouring windows. */
  public int stride(int axis) {
    return stride[axis];
  }

  /** Returns how far before the input the first window begins. */
  public int padding(int axis) {
    return padding[axis];
  }

  /** Returns how far behind the input the last window ends; negative if it ends before. */
  public int paddingAfter(int axis) {
    return start(axis, output[axis] - 1) + extent(axis) - input[axis];
  }

  /** Returns the distance of neighbouring elements of a window. */
  public int dilation(int axis) {
    return dilation[axis];
  }

  /** Returns whether the windows may differ in size; stride and dilation then mean nothing. */
  public boolean isAdaptive() {
    return adaptive;
  }

  /** Returns where a window begins; negative if in the padding. */
  public int start(int axis, int window) {
    return adaptive
        ? (int) (window * (long) input[axis] / output[axis])
        : window * stride[axis] - padding[axis];
  }

  /** Returns the first element of a window that is inside the input. */
  public int firstInside(int axis, int window) {
    int start = start(axis, window);
    return start >= 0 ? 0 : Math.min(kernel[axis], ceilDiv(-start, dilation[axis]));
  }

  /** Returns the element of a window after the last one that is inside the input. */
  public int endInside(int axis, int window) {
    if (adaptive) {
      return ceilDiv((window + 1) * (long) input[axis], output[axis]) - start(axis, window);
    }
    int room = input[axis] - start(axis, window);
    return Math.max(0, Math.min(kernel[axis], ceilDiv(room, dilation[axis])));
  }

  /** Returns how many positions of the input a window spans. */
  public int extent(int axis) {
    return dilation[axis] * (kernel[axis] - 1) + 1;
  }

  /** Returns the number of elements of the input's spatial dimensions. */
  public int inputElements() {
    return product(input);
  }

  /** Returns the number of elements of a window. */
  public int kernelElements() {
    return product(kernel);
  }

  /** Returns the number of windows. */
  public int outputElements() {
    return product(output);
  }

  private static int product(int[] sizes) {
    int product = 1;
    for (int size : sizes) {
      product = Math.multiplyExact(product, size);
    }
    return product;
  }

  /** Returns {@code [n, channels, input...]}. */
  Shape inputShape(long n, long channels) {
    return shape(n, channels, input);
  }

  /** Returns {@code [n, channels, output...]}. */
  Shape outputShape(long n, long channels) {
    return shape(n, channels, output);
  }

  /** Returns {@code [n, channels, kernel...]}. */
  Shape kernelShape(long n, long channels) {
    return shape(n, channels, kernel);
  }

  private static Shape shape(long n, long channels, int[] spatial) {
    long[] sizes = new long[spatial.length + 2];
    sizes[0] = n;
    sizes[1] = channels;
    for (int i = 0; i < spatial.length; i++) {
      sizes[i + 2] = spatial[i];
    }
    return Shape.of(sizes);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof WindowGeometry that
            && hash == that.hash
            && adaptive == that.adaptive
            && Arrays.deepEquals(all(), that.all()));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return adaptive
        ? "adaptive windows %s -> %s".formatted(Arrays.toString(input), Arrays.toString(output))
        : "windows %s over %s -> %s, stride %s, padding %s, dilation %s"
            .formatted(
                Arrays.stream(new int[][] {kernel, input, output, stride, padding, dilation})
                    .map(Arrays::toString)
                    .toArray());
  }
}
