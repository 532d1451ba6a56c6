package io.fulgur.nn.schedule;

import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import java.util.Set;

/** The momentum that a cyclical schedule moves against the learning rate, of each group. */
final class MomentumCycle {
  private static final String BETA1 = "beta1";
  private static final String MOMENTUM = "momentum";

  private final Optimizer optimizer;
  private final String hyperparameter;
  private final double[] lowest;
  private final double[] highest;

  MomentumCycle(Optimizer optimizer, String scheduler, double[] lowest, double[] highest) {
    this.optimizer = optimizer;
    this.hyperparameter = hyperparameter(optimizer, scheduler);
    this.lowest = values(scheduler, "baseMomentum", lowest);
    this.highest = values(scheduler, "maxMomentum", highest);
  }

  private static String hyperparameter(Optimizer optimizer, String scheduler) {
    Set<String> known = optimizer.groups().get(0).hyperparameters().keySet();
    LearningRateScheduler.require(
        known.contains(BETA1) || known.contains(MOMENTUM),
        "%s: %s has neither momentum nor beta1, so there is nothing to cycle; set cycleMomentum(false)."
            .formatted(scheduler, optimizer.name()));
    return known.contains(BETA1) ? BETA1 : MOMENTUM;
  }

  private double[] values(String scheduler, String name, double[] given) {
    return PerGroup.of(
        optimizer, scheduler, name, given, v -> v >= 0 && v < 1, "from 0 to below 1");
  }

  double lowest(int group) {
    return lowest[group];
  }

  double highest(int group) {
    return highest[group];
  }

  void set(ParameterGroup group, double momentum) {
    group.schedule(hyperparameter, momentum);
  }
}
