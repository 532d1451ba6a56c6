package io.fulgur.nn.schedule;

import io.fulgur.nn.optimizer.ParameterGroup;
import java.util.List;

/**
 * Schedules of one optimizer that follow each other: at each milestone the next one begins, from
 * the base learning rate, as {@code torch.optim.lr_scheduler.SequentialLR}.
 *
 * <pre>{@code
 * new SequentialLR(
 *     List.of(new LinearLR(optimizer, 0.01, 1, 500), new CosineAnnealingLR(optimizer, 9500)),
 *     List.of(500L))
 * }</pre>
 *
 * @since 0.1
 */
public final class SequentialLR extends CompositeScheduler {
  private final List<Long> milestones;

  /**
   * Makes a sequence of schedules that have not stepped yet.
   *
   * @param milestones after how many steps in all the second schedule begins, the third and so on:
   *     one fewer than schedules, 1 or more, each larger than the one before
   * @throws io.fulgur.error.FulgurException if there are no schedules, they are of several
   *     optimizers, one follows a monitored value, or the milestones are not allowed
   */
  public SequentialLR(List<LearningRateScheduler> schedulers, List<Long> milestones) {
    super("SequentialLR", schedulers);
    this.milestones = List.copyOf(milestones);
    require(
        milestones.size() == schedulers.size() - 1,
        "SequentialLR: there are %d schedules and %d milestones; give one milestone fewer than schedules."
            .formatted(schedulers.size(), milestones.size()));
    for (int i = 0; i < milestones.size(); i++) {
      long before = i == 0 ? 0 : milestones.get(i - 1);
      require(
          milestones.get(i) > before,
          "SequentialLR: milestones are %s; allowed are numbers of 1 or more, each larger than the one before."
              .formatted(milestones));
    }
    start();
  }

  @Override
  protected void apply(long steps) {
    int current = 0;
    while (current < milestones.size() && milestones.get(current) <= steps) {
      current++;
    }
    LearningRateScheduler scheduler = schedulers().get(current);
    if (steps == 0 || (current > 0 && milestones.get(current - 1) == steps)) {
      for (ParameterGroup group : optimizer().groups()) {
        group.scheduleLearningRate(group.baseLearningRate());
      }
      scheduler.start();
    } else {
      scheduler.step();
    }
  }
}
