package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireAlike;
import static io.fulgur.nn.loss.LossChecks.requireOption;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Tensor;

/**
 * Squared error that grows linearly far off, as {@code torch.nn.HuberLoss}: with {@code d = |x -
 * t|}, {@code d² / 2} where {@code d < δ}, else {@code δ (d - δ / 2)}.
 *
 * <p>P. J. Huber, "Robust Estimation of a Location Parameter", 1964.
 *
 * @param delta where the two meet, positive
 * @since 0.1
 */
public record HuberLoss(double delta, Reduction reduction) implements Loss {
  /** Makes the mean with {@code δ = 1}. */
  public HuberLoss() {
    this(1, Reduction.MEAN);
  }

  /** Checks the options. */
  public HuberLoss {
    requireOption(delta > 0, "HuberLoss", "delta", delta, "a positive number");
  }

  /** Returns this loss with another {@code δ}. */
  public HuberLoss delta(double newDelta) {
    return new HuberLoss(newDelta, reduction);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public HuberLoss reduction(Reduction newReduction) {
    return new HuberLoss(delta, newReduction);
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
    requireAlike("huber", input, target);
    return reduction.of(SmoothL1Loss.elements(input, target, delta).mul(delta));
  }
}
