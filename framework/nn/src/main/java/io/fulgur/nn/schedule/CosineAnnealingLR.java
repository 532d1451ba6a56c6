package io.fulgur.nn.schedule;

import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;

/**
 * Lowers the learning rate from its base to {@code minimum} along half a cosine over {@code period}
 * steps, {@code minimum + (base - minimum) (1 + cos(π steps / period)) / 2}, and back up after
 * that, as {@code torch.optim.lr_scheduler.CosineAnnealingLR}.
 *
 * <p>I. Loshchilov, F. Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017,
 * without the restarts.
 *
 * @since 0.1
 */
public final class CosineAnnealingLR extends FormulaLR {
  private final long period;
  private final double minimum;

  /** Makes a schedule down to 0. */
  public CosineAnnealingLR(Optimizer optimizer, long period) {
    this(optimizer, period, /* minimum= */ 0);
  }

  /**
   * Makes a schedule for all groups of an optimizer.
   *
   * @throws io.fulgur.error.FulgurException if {@code period} is not positive or {@code minimum} is
   *     negative
   */
  public CosineAnnealingLR(Optimizer optimizer, long period, double minimum) {
    super(optimizer);
    require(period > 0, "CosineAnnealingLR: period is " + period + "; allowed is 1 or more.");
    require(
        minimum >= 0 && Double.isFinite(minimum),
        "CosineAnnealingLR: minimum is " + minimum + "; allowed is a finite number, 0 or more.");
    this.period = period;
    this.minimum = minimum;
    start();
  }

  @Override
  protected double learningRate(ParameterGroup group, long steps) {
    double before = group.learningRate();
    if (steps == 0) {
      return before;
    }
    // The quotient of two points of the curve; where it would be 0 / 0, the difference.
    if ((steps - 1 - period) % (2 * period) == 0) {
      double rise = (1 - Math.cos(Math.PI / period)) / 2;
      return before + (group.baseLearningRate() - minimum) * rise;
    }
    double quotient =
        (1 + Math.cos(Math.PI * steps / period)) / (1 + Math.cos(Math.PI * (steps - 1) / period));
    return quotient * (before - minimum) + minimum;
  }
}
