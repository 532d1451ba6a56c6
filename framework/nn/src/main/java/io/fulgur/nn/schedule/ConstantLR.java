package io.fulgur.nn.schedule;

import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;

/**
 * Multiplies the learning rate by {@code factor} for the first {@code totalSteps} steps, and lets
 * it be what it was from then on, as {@code torch.optim.lr_scheduler.ConstantLR}.
 *
 * @since 0.1
 */
public final class ConstantLR extends FormulaLR {
  private final double factor;
  private final long totalSteps;

  /**
   * Makes a schedule for all groups of an optimizer.
   *
   * @param factor above 0, at most 1
   * @param totalSteps 1 or more
   * @throws io.fulgur.error.FulgurException if an argument is not allowed
   */
  public ConstantLR(Optimizer optimizer, double factor, long totalSteps) {
    super(optimizer);
    require(
        factor > 0 && factor <= 1,
        "ConstantLR: factor is " + factor + "; allowed is above 0, at most 1.");
    require(totalSteps > 0, "ConstantLR: totalSteps is " + totalSteps + "; allowed is 1 or more.");
    this.factor = factor;
    this.totalSteps = totalSteps;
    start();
  }

  @Override
  protected double learningRate(ParameterGroup group, long steps) {
    if (steps == 0) {
      return group.learningRate() * factor;
    }
    return steps == totalSteps ? group.learningRate() * (1 / factor) : group.learningRate();
  }
}
