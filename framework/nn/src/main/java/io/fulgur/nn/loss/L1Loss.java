package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireAlike;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Tensor;

/**
 * Absolute error {@code |x - t|}, as {@code torch.nn.L1Loss}; its gradient is 0 where both are
 * equal.
 *
 * @since 0.1
 */
public record L1Loss(Reduction reduction) implements Loss {
  /** Makes the mean absolute error. */
  public L1Loss() {
    this(Reduction.MEAN);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public L1Loss reduction(Reduction newReduction) {
    return new L1Loss(newReduction);
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
    requireAlike("l1", input, target);
    return reduction.of(input.sub(target).abs());
  }
}
