package io.fulgur.nn.schedule;

import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;

/**
 * Multiplies the learning rate by {@code gamma} at every step, as {@code
 * torch.optim.lr_scheduler.ExponentialLR}.
 *
 * @since 0.1
 */
public final class ExponentialLR extends FormulaLR {
  private final double gamma;

  /**
   * Makes a schedule for all groups of an optimizer.
   *
   * @throws io.fulgur.error.FulgurException if {@code gamma} is negative or not finite
   */
  public ExponentialLR(Optimizer optimizer, double gamma) {
    super(optimizer);
    require(
        gamma >= 0 && Double.isFinite(gamma),
        "ExponentialLR: gamma is " + gamma + "; allowed is a finite number, 0 or more.");
    this.gamma = gamma;
    start();
  }

  @Override
  protected double learningRate(ParameterGroup group, long steps) {
    return steps == 0 ? group.learningRate() : group.learningRate() * gamma;
  }
}
