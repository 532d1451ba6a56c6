package io.fulgur.nn.schedule;

import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;

/**
 * Multiplies the learning rate by {@code gamma} after every {@code stepSize} steps, as {@code
 * torch.optim.lr_scheduler.StepLR}.
 *
 * @since 0.1
 */
public final class StepLR extends FormulaLR {
  private final long stepSize;
  private final double gamma;

  /**
   * Makes a schedule for all groups of an optimizer.
   *
   * @throws io.fulgur.error.FulgurException if {@code stepSize} is not positive or {@code gamma} is
   *     negative
   */
  public StepLR(Optimizer optimizer, long stepSize, double gamma) {
    super(optimizer);
    require(stepSize > 0, "StepLR: stepSize is " + stepSize + "; allowed is 1 or more.");
    require(
        gamma >= 0 && Double.isFinite(gamma),
        "StepLR: gamma is " + gamma + "; allowed is a finite number, 0 or more.");
    this.stepSize = stepSize;
    this.gamma = gamma;
    start();
  }

  @Override
  protected double learningRate(ParameterGroup group, long steps) {
    return steps == 0 || steps % stepSize != 0
        ? group.learningRate()
        : group.learningRate() * gamma;
  }
}
