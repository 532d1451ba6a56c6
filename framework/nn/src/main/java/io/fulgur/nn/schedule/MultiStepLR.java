package io.fulgur.nn.schedule;

import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import java.util.List;

/**
 * Multiplies the learning rate by {@code gamma} at each milestone, as {@code
 * torch.optim.lr_scheduler.MultiStepLR}. A milestone that is there several times counts as often.
 *
 * @since 0.1
 */
public final class MultiStepLR extends FormulaLR {
  private final List<Long> milestones;
  private final double gamma;

  /**
   * Makes a schedule for all groups of an optimizer.
   *
   * @param milestones numbers of steps, 1 or more, in any order
   * @param gamma 0 or more
   * @throws io.fulgur.error.FulgurException if an argument is not allowed
   */
  public MultiStepLR(Optimizer optimizer, List<Long> milestones, double gamma) {
    super(optimizer);
    require(
        !milestones.isEmpty() && milestones.stream().allMatch(milestone -> milestone > 0),
        "MultiStepLR: milestones are " + milestones + "; allowed are numbers of 1 or more.");
    require(
        gamma >= 0 && Double.isFinite(gamma),
        "MultiStepLR: gamma is " + gamma + "; allowed is a finite number, 0 or more.");
    this.milestones = List.copyOf(milestones);
    this.gamma = gamma;
    start();
  }

  @Override
  protected double learningRate(ParameterGroup group, long steps) {
    long reached = milestones.stream().filter(milestone -> milestone == steps).count();
    return reached == 0
        ? group.learningRate()
        : group.learningRate() * Math.pow(gamma, (double) reached);
  }
}
