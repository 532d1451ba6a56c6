package io.fulgur.nn.schedule;

import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;

/**
 * Lowers the learning rate to 0 over {@code totalSteps} steps, {@code base · (1 - min(steps,
 * totalSteps) / totalSteps)^power}, as {@code torch.optim.lr_scheduler.PolynomialLR}.
 *
 * @since 0.1
 */
public final class PolynomialLR extends FormulaLR {
  private final long totalSteps;
  private final double power;

  /**
   * Makes a schedule for all groups of an optimizer.
   *
   * @param totalSteps 1 or more
   * @param power 0 or more; 1 for a straight line
   * @throws io.fulgur.error.FulgurException if an argument is not allowed
   */
  public PolynomialLR(Optimizer optimizer, long totalSteps, double power) {
    super(optimizer);
    require(
        totalSteps > 0, "PolynomialLR: totalSteps is " + totalSteps + "; allowed is 1 or more.");
    require(
        power >= 0 && Double.isFinite(power),
        "PolynomialLR: power is " + power + "; allowed is a finite number, 0 or more.");
    this.totalSteps = totalSteps;
    this.power = power;
    start();
  }

  @Override
  protected double learningRate(ParameterGroup group, long steps) {
    if (steps == 0 || steps > totalSteps) {
      return group.learningRate();
    }
    double left = 1 - (double) steps / totalSteps;
    double leftBefore = 1 - (steps - 1.0) / totalSteps;
    return group.learningRate() * Math.pow(left / leftBefore, power);
  }
}
