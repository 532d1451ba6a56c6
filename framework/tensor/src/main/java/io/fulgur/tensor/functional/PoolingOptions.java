package io.fulgur.tensor.functional;

import java.util.List;

/**
 * How the windows of a pooling move over its input. Immutable; e.g. {@code
 * PoolingOptions.kernelSize(3).stride(2).padding(1)}.
 *
 * <p>Sizes are one number for all spatial dimensions or one for each, outermost first, and mean
 * what they mean in {@code torch.nn.MaxPool2d} and {@code AvgPool2d}.
 *
 * @param kernelSize elements of a window
 * @param stride distance of neighbouring windows; that of windows that touch unless set
 * @param padding how far the first window begins before the input, at most half of a window; 0
 *     unless set
 * @param dilation distance of neighbouring elements of a window, for maxima only; 1 unless set
 * @param ceilMode whether a last window that reaches beyond the padding counts; not unless set
 * @param countIncludePad whether averages count the padding as zeros; so unless set
 * @since 0.1
 */
public record PoolingOptions(
    List<Integer> kernelSize,
    List<Integer> stride,
    List<Integer> padding,
    List<Integer> dilation,
    boolean ceilMode,
    boolean countIncludePad) {

  /** Copies the lists. */
  public PoolingOptions {
    kernelSize = List.copyOf(kernelSize);
    stride = List.copyOf(stride);
    padding = List.copyOf(padding);
    dilation = List.copyOf(dilation);
  }

  /**
   * Returns options of windows of this size that touch, without padding.
   *
   * @throws io.fulgur.error.FulgurException if a size is not positive
   */
  public static PoolingOptions kernelSize(int... perDimension) {
    List<Integer> kernel = PerDimension.of("kernelSize", 1, perDimension);
    return new PoolingOptions(
        kernel, kernel, List.of(0), List.of(1), /* ceilMode= */ false, /* countIncludePad= */ true);
  }

  /**
   * Returns these options with another stride.
   *
   * @throws io.fulgur.error.FulgurException if it is not positive
   */
  public PoolingOptions stride(int... perDimension) {
    List<Integer> value = PerDimension.of("stride", 1, perDimension);
    return new PoolingOptions(kernelSize, value, padding, dilation, ceilMode, countIncludePad);
  }

  /**
   * Returns these options with so much padding.
   *
   * @throws io.fulgur.error.FulgurException if it is negative
   */
  public PoolingOptions padding(int... perDimension) {
    List<Integer> value = PerDimension.of("padding", 0, perDimension);
    return new PoolingOptions(kernelSize, stride, value, dilation, ceilMode, countIncludePad);
  }

  /**
   * Returns these options with another dilation; for maxima only.
   *
   * @throws io.fulgur.error.FulgurException if it is not positive
   */
  public PoolingOptions dilation(int... perDimension) {
    List<Integer> value = PerDimension.of("dilation", 1, perDimension);
    return new PoolingOptions(kernelSize, stride, padding, value, ceilMode, countIncludePad);
  }

  /** Returns these options with the output size rounded up or down. */
  public PoolingOptions ceilMode(boolean up) {
    return new PoolingOptions(kernelSize, stride, padding, dilation, up, countIncludePad);
  }

  /** Returns these options with padding counted in averages or not. */
  public PoolingOptions countIncludePad(boolean count) {
    return new PoolingOptions(kernelSize, stride, padding, dilation, ceilMode, count);
  }
}
