package io.fulgur.nn.loss;

import static io.fulgur.nn.loss.LossChecks.requireAlike;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Tensor;

/**
 * Squared error {@code (x - t)²}, as {@code torch.nn.MSELoss}.
 *
 * @since 0.1
 */
public record MSELoss(Reduction reduction) implements Loss {
  /** Makes the mean squared error. */
  public MSELoss() {
    this(Reduction.MEAN);
  }

  /** Returns this loss with another reduction; the default is {@link Reduction#MEAN}. */
  public MSELoss reduction(Reduction newReduction) {
    return new MSELoss(newReduction);
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
    requireAlike("mse", input, target);
    return reduction.of(input.sub(target).square());
  }
}
