package io.fulgur.tensor.functional;

import java.util.List;

/**
 * How a convolution moves over its input. Immutable; e.g. {@code
 * ConvolutionOptions.defaults().stride(2).padding(1)}.
 *
 * <p>Stride, padding, dilation and output padding are one number for all spatial dimensions or one
 * for each, outermost first, and mean what they mean in {@code torch.nn.Conv2d} and {@code
 * ConvTranspose2d}.
 *
 * @param stride distance of neighbouring windows; 1 unless set
 * @param padding zeros before and behind each spatial dimension; 0 unless set
 * @param same whether padding is chosen so that the output has the size of the input; an odd zero
 *     is put behind
 * @param dilation distance of neighbouring elements of a window; 1 unless set
 * @param groups into how many parts input and output channels are divided, each output part seeing
 *     the input part of its own only; 1 unless set
 * @param outputPadding what a transposed convolution adds at the end of each spatial dimension, to
 *     tell apart the sizes that a strided convolution maps to one; 0 unless set
 * @since 0.1
 */
public record ConvolutionOptions(
    List<Integer> stride,
    List<Integer> padding,
    boolean same,
    List<Integer> dilation,
    int groups,
    List<Integer> outputPadding) {
  private static final List<Integer> ZERO = List.of(0);
  private static final List<Integer> ONE = List.of(1);
  private static final ConvolutionOptions DEFAULTS =
      new ConvolutionOptions(ONE, ZERO, /* same= */ false, ONE, 1, ZERO);

  /** Copies the lists. */
  public ConvolutionOptions {
    stride = List.copyOf(stride);
    padding = List.copyOf(padding);
    dilation = List.copyOf(dilation);
    outputPadding = List.copyOf(outputPadding);
  }

  /** Returns stride 1, no padding, dilation 1 and one group. */
  public static ConvolutionOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Returns these options with another stride.
   *
   * @throws io.fulgur.error.FulgurException if it is not positive
   */
  public ConvolutionOptions stride(int... perDimension) {
    List<Integer> value = PerDimension.of("stride", 1, perDimension);
    return new ConvolutionOptions(value, padding, same, dilation, groups, outputPadding);
  }

  /**
   * Returns these options with so many zeros around the input.
   *
   * @throws io.fulgur.error.FulgurException if it is negative
   */
  public ConvolutionOptions padding(int... perDimension) {
    List<Integer> value = PerDimension.of("padding", 0, perDimension);
    return new ConvolutionOptions(
        stride, value, /* same= */ false, dilation, groups, outputPadding);
  }

  /** Returns these options with as much padding as keeps the size; for stride 1 only. */
  public ConvolutionOptions samePadding() {
    return new ConvolutionOptions(stride, ZERO, /* same= */ true, dilation, groups, outputPadding);
  }

  /**
   * Returns these options with another dilation.
   *
   * @throws io.fulgur.error.FulgurException if it is not positive
   */
  public ConvolutionOptions dilation(int... perDimension) {
    List<Integer> value = PerDimension.of("dilation", 1, perDimension);
    return new ConvolutionOptions(stride, padding, same, value, groups, outputPadding);
  }

  /**
   * Returns these options with so many groups; as many as there are input channels make a depthwise
   * convolution.
   *
   * @throws io.fulgur.error.FulgurException if it is not positive
   */
  public ConvolutionOptions groups(int number) {
    if (number < 1) {
      throw PerDimension.invalid("groups is " + number + "; needed is at least 1.");
    }
    return new ConvolutionOptions(stride, padding, same, dilation, number, outputPadding);
  }

  /**
   * Returns these options with another output padding; for transposed convolutions only.
   *
   * @throws io.fulgur.error.FulgurException if it is negative
   */
  public ConvolutionOptions outputPadding(int... perDimension) {
    List<Integer> value = PerDimension.of("outputPadding", 0, perDimension);
    return new ConvolutionOptions(stride, padding, same, dilation, groups, value);
  }
}
