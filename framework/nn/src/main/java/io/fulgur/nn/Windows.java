package io.fulgur.nn;

import io.fulgur.tensor.functional.ConvolutionOptions;

/** What {@link Unfold} and {@link Fold} have in common. */
final class Windows {
  private static final ConvolutionOptions DEFAULTS = ConvolutionOptions.defaults();

  private Windows() {}

  static void check(String layer, int height, int width, ConvolutionOptions options) {
    Checks.require(
        height > 0 && width > 0,
        "%s: kernelSize is [%d, %d], but must be positive.".formatted(layer, height, width));
    Checks.require(
        options.groups() == 1
            && !options.same()
            && options.outputPadding().equals(DEFAULTS.outputPadding()),
        layer + " has no groups, output padding or padding that keeps the size; got " + options);
  }

  /** Returns the options that are not the defaults. */
  static String describe(ConvolutionOptions options) {
    return (options.stride().equals(DEFAULTS.stride()) ? "" : ", stride=" + options.stride())
        + (options.padding().equals(DEFAULTS.padding()) ? "" : ", padding=" + options.padding())
        + (options.dilation().equals(DEFAULTS.dilation())
            ? ""
            : ", dilation=" + options.dilation());
  }
}
