package io.fulgur.nn.schedule;

import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;

/**
 * Lowers the learning rate from its base to {@code minimum} along half a cosine and begins anew,
 * each time over a period {@code periodFactor} times as long, as {@code
 * torch.optim.lr_scheduler.CosineAnnealingWarmRestarts}.
 *
 * <p>In a period of {@code p} steps, after {@code s} of them: {@code minimum + (base - minimum) (1
 * + cos(π s / p)) / 2}.
 *
 * <p>I. Loshchilov, F. Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017.
 *
 * @since 0.1
 */
public final class CosineAnnealingWarmRestarts extends FormulaLR {
  private final long firstPeriod;
  private final int periodFactor;
  private final double minimum;

  /** Makes a schedule down to 0 whose periods are equally long. */
  public CosineAnnealingWarmRestarts(Optimizer optimizer, long firstPeriod) {
    this(optimizer, firstPeriod, /* periodFactor= */ 1, /* minimum= */ 0);
  }

  /**
   * Makes a schedule for all groups of an optimizer.
   *
   * @param firstPeriod steps until the first restart, 1 or more
   * @param periodFactor how many times as long as the one before each period is, 1 or more
   * @param minimum 0 or more
   * @throws io.fulgur.error.FulgurException if an argument is not allowed
   */
  public CosineAnnealingWarmRestarts(
      Optimizer optimizer, long firstPeriod, int periodFactor, double minimum) {
    super(optimizer);
    require(
        firstPeriod > 0,
        "CosineAnnealingWarmRestarts: firstPeriod is " + firstPeriod + "; allowed is 1 or more.");
    require(
        periodFactor > 0,
        "CosineAnnealingWarmRestarts: periodFactor is " + periodFactor + "; allowed is 1 or more.");
    require(
        minimum >= 0 && Double.isFinite(minimum),
        "CosineAnnealingWarmRestarts: minimum is "
            + minimum
            + "; allowed is a finite number, 0 or more.");
    this.firstPeriod = firstPeriod;
    this.periodFactor = periodFactor;
    this.minimum = minimum;
    start();
  }

  @Override
  protected double learningRate(ParameterGroup group, long steps) {
    long period = firstPeriod;
    long within = steps;
    if (periodFactor == 1) {
      within %= period;
    }
    while (within >= period) {
      within -= period;
      period *= periodFactor;
    }
    double height = (1 + Math.cos(Math.PI * within / period)) / 2;
    return minimum + (group.baseLearningRate() - minimum) * height;
  }
}
