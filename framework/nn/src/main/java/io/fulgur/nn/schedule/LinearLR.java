package io.fulgur.nn.schedule;

import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;

/**
 * Changes the learning rate's factor evenly from {@code startFactor} to {@code endFactor} over
 * {@code totalSteps} steps, {@code base · (start + (end - start) · min(steps, totalSteps) /
 * totalSteps)}, as {@code torch.optim.lr_scheduler.LinearLR}.
 *
 * <p>With {@code endFactor} 1 this is the linear warm-up; follow it by another schedule with {@link
 * SequentialLR}.
 *
 * @since 0.1
 */
public final class LinearLR extends FormulaLR {
  private final double startFactor;
  private final double endFactor;
  private final long totalSteps;

  /**
   * Makes a schedule for all groups of an optimizer.
   *
   * @param startFactor above 0, at most 1
   * @param endFactor from 0 to 1
   * @param totalSteps 1 or more
   * @throws io.fulgur.error.FulgurException if an argument is not allowed
   */
  public LinearLR(Optimizer optimizer, double startFactor, double endFactor, long totalSteps) {
    super(optimizer);
    require(
        startFactor > 0 && startFactor <= 1,
        "LinearLR: startFactor is " + startFactor + "; allowed is above 0, at most 1.");
    require(
        endFactor >= 0 && endFactor <= 1,
        "LinearLR: endFactor is " + endFactor + "; allowed is from 0 to 1.");
    require(totalSteps > 0, "LinearLR: totalSteps is " + totalSteps + "; allowed is 1 or more.");
    this.startFactor = startFactor;
    this.endFactor = endFactor;
    this.totalSteps = totalSteps;
    start();
  }

  @Override
  protected double learningRate(ParameterGroup group, long steps) {
    if (steps == 0) {
      return group.learningRate() * startFactor;
    }
    if (steps > totalSteps) {
      return group.learningRate();
    }
    double range = endFactor - startFactor;
    double factor = 1 + range / (totalSteps * startFactor + (steps - 1) * range);
    // Where it is to be 0, rounding may bring it below.
    return Math.max(0, group.learningRate() * factor);
  }
}
