package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireAlike;
import static io.fulgur.nn.loss.LossChecks.requireOption;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Tensor;

/**
 * Absolute error that is squared near 0, as {@code torch.nn.SmoothL1Loss}: with {@code d = |x -
 * t|}, {@code d² / 2β} where {@code d < β}, else {@code d - β / 2}.
 *
 * <p>R. Girshick, "Fast R-CNN", ICCV 2015.
 *
 * @param beta where the two meet, not negative; with 0 this is {@link L1Loss}
 * @since 0.1
 */
public record SmoothL1Loss(double beta, Reduction reduction) implements Loss {
  /** Makes the mean with {@code β = 1}. */
  public SmoothL1Loss() {
    this(1, Reduction.MEAN);
  }

  /** Checks the options. */
  public SmoothL1Loss {
    requireOption(beta >= 0, "SmoothL1Loss", "beta", beta, "a number not below 0");
  }

  /** Returns this loss with another {@code β}. */
  public SmoothL1Loss beta(double newBeta) {
    return new SmoothL1Loss(newBeta, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public SmoothL1Loss reduction(Reduction newReduction) {
    return new SmoothL1Loss(beta, newReduction);
  }

  /**
   * {@inheritDoc}
   *
   * @throws io.fulgur.tensor.ShapeException if the shapes differ
   * @throws io.fulgur.tensor.DTypeException if the types differ or are not floating-point
   */
  @Override
  public Tensor of(Tensor input, Tensor target) {
    return inSinglePrecision(Autocast.singlePrecision(input), Autocast.singlePrecision(target));
  }

  private Tensor inSinglePrecision(Tensor input, Tensor target) {
    requireAlike("smoothL1", input, target);
    return reduction.of(elements(input, target, beta));
  }

  static Tensor elements(Tensor input, Tensor target, double beta) {
    Tensor distance = input.sub(target).abs();
    if (beta == 0) {
      return distance;
    }
    Tensor near = distance.clamp(0, beta);
    return near.square().mul(0.5 / beta).add(distance.sub(near));
  }
}
