package io.fulgur.nn.schedule;

import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;

/**
 * Takes the learning rates from what they are to a constant, at which weights are averaged, as
 * {@code torch.optim.swa_utils.SWALR}.
 *
 * <p>{@code learningRate = swaLearningRate · α + start · (1 - α)}, where {@code α} rises from 0 to
 * 1 in {@code annealSteps} steps as the {@link AnnealStrategy} says, and stays at 1. Groups that
 * join the optimizer later are left alone.
 *
 * <p>P. Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization", UAI
 * 2018.
 *
 * @since 0.1
 */
public final class SWALR extends LearningRateScheduler {
  private final double[] swaLearningRates;
  private final long annealSteps;
  private final AnnealStrategy strategy;

  /**
   * Makes a schedule for all groups of an optimizer.
   *
   * @param annealSteps how many steps it takes to get there, 0 or more
   * @param strategy along what the learning rates change
   * @param swaLearningRates where they go, one for all groups or one for each, 0 or more
   * @throws io.fulgur.error.FulgurException if a number is not allowed, or there are not as many as
   *     groups
   */
  public SWALR(
      Optimizer optimizer, long annealSteps, AnnealStrategy strategy, double... swaLearningRates) {
    super(optimizer);
    require(annealSteps >= 0, "SWALR: annealSteps is " + annealSteps + "; allowed is 0 or more.");
    this.swaLearningRates =
        PerGroup.of(
            optimizer,
            "SWALR",
            "swaLearningRate",
            swaLearningRates,
            v -> v >= 0,
            "a finite number, 0 or more");
    this.annealSteps = annealSteps;
    this.strategy = strategy;
    start();
  }

  @Override
  protected void apply(long steps) {
    // As PyTorch does, a period of 0 counts as one whose first step has been taken.
    long now = annealSteps == 0 ? Math.max(1, steps) : steps;
    double before = part(now - 1);
    double after = part(now);
    for (int g = 0; g < swaLearningRates.length; g++) {
      ParameterGroup group = optimizer().groups().get(g);
      double target = swaLearningRates[g];
      double start = before == 1 ? target : (group.learningRate() - before * target) / (1 - before);
      group.scheduleLearningRate(target * after + start * (1 - after));
    }
  }

  private double part(long step) {
    double way = (double) step / Math.max(1, annealSteps);
    return strategy.between(0, 1, Math.max(0, Math.min(1, way)));
  }
}
