package io.fulgur.nn.schedule;

import java.util.List;

/**
 * Several schedules of one optimizer that go on together, each changing what the one before it
 * left, as {@code torch.optim.lr_scheduler.ChainedScheduler}.
 *
 * <pre>{@code
 * new ChainedScheduler(new LinearLR(optimizer, 0.1, 1, 500), new ExponentialLR(optimizer, 0.999))
 * }</pre>
 *
 * <p>That makes sense with schedules that multiply the learning rate before: constant, step,
 * multi-step, linear, polynomial and exponential ones.
 *
 * @since 0.1
 */
public final class ChainedScheduler extends CompositeScheduler {
  private final List<LearningRateScheduler> schedulers;

  /**
   * Chains schedules that have not stepped yet.
   *
   * @throws io.fulgur.error.FulgurException if there are none, they are of several optimizers, or
   *     one follows a monitored value
   */
  public ChainedScheduler(LearningRateScheduler... schedulers) {
    this(List.of(schedulers));
  }

  /**
   * Chains schedules that have not stepped yet.
   *
   * @throws io.fulgur.error.FulgurException if there are none, they are of several optimizers, or
   *     one follows a monitored value
   */
  public ChainedScheduler(List<LearningRateScheduler> schedulers) {
    super("ChainedScheduler", schedulers);
    this.schedulers = schedulers();
    // Making the schedules has started them.
  }

  @Override
  protected void apply(long steps) {
    for (LearningRateScheduler scheduler : schedulers) {
      if (steps == 0) {
        scheduler.start();
      } else {
        scheduler.step();
      }
    }
  }
}
