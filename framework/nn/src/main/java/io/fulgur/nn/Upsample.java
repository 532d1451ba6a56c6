package io.fulgur.nn;

import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Resampling;
import java.util.Arrays;

/**
 * Enlargement of {@code [batch, channels, d...]} by whole factors, as {@code torch.nn.Upsample}.
 *
 * <p>Factors are one number for all spatial dimensions or one for each.
 *
 * @since 0.1
 */
public final class Upsample extends Module {
  @FunctionalInterface
  private interface Mode {
    Tensor resize(Tensor input, int... sizes);
  }

  private final Mode mode;
  private final String name;
  private final int[] scaleFactors;

  private Upsample(String name, Mode mode, int... scaleFactors) {
    Checks.require(
        scaleFactors.length > 0 && Arrays.stream(scaleFactors).allMatch(f -> f > 0),
        "Upsample(scaleFactors=%s): needed is a positive number, or one for each spatial dimension."
            .formatted(Arrays.toString(scaleFactors)));
    this.name = name;
    this.mode = mode;
    this.scaleFactors = scaleFactors.clone();
  }

  /** Makes an enlargement that repeats elements. */
  public static Upsample nearest(int... scaleFactors) {
    return new Upsample("nearest", Resampling::nearest, scaleFactors);
  }

  /**
   * Makes a linear, bilinear or trilinear interpolation.
   *
   * @param alignCorners whether the centres of the outermost elements stay where they are
   */
  public static Upsample linear(boolean alignCorners, int... scaleFactors) {
    return new Upsample(
        alignCorners ? "linear, corners aligned" : "linear",
        (x, sizes) -> Resampling.linear(x, alignCorners, sizes),
        scaleFactors);
  }

  @Override
  public Tensor forward(Tensor input) {
    int spatial = input.rank() - 2;
    if (spatial < 1 || (scaleFactors.length != 1 && scaleFactors.length != spatial)) {
      throw ShapeException.mismatch(
          "Upsample",
          "the factors %s are for another number of spatial dimensions of [batch, channels, d...]"
              .formatted(Arrays.toString(scaleFactors)),
          input.shape());
    }
    int[] sizes = new int[spatial];
    for (int i = 0; i < spatial; i++) {
      int factor = scaleFactors[scaleFactors.length == 1 ? 0 : i];
      sizes[i] = Math.toIntExact(input.size(i + 2) * factor);
    }
    return mode.resize(input, sizes);
  }

  @Override
  public String toString() {
    return "Upsample(" + name + ", scaleFactors=" + Arrays.toString(scaleFactors) + ")";
  }
}
