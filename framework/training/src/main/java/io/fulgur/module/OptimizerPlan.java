package io.fulgur.module;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.nn.schedule.ReduceLROnPlateau;
import java.util.ArrayList;
import java.util.List;

/**
 * The optimizers of a fit, and when their learning-rate schedules go on.
 *
 * <pre>{@code
 * Optimizer optimizer = AdamW.of(parameters()).learningRate(1e-3);
 * return OptimizerPlan.of(optimizer).withScheduler(new CosineAnnealingLR(optimizer, 20));
 * }</pre>
 *
 * <p>Immutable. All optimizers step on the same loss, in this order.
 *
 * @since 0.1
 */
public final class OptimizerPlan {
  private final List<Optimizer> optimizers;
  private final List<Scheduled> schedulers;

  private OptimizerPlan(List<Optimizer> optimizers, List<Scheduled> schedulers) {
    this.optimizers = List.copyOf(optimizers);
    this.schedulers = List.copyOf(schedulers);
  }

  /**
   * Makes a plan without schedules.
   *
   * @throws FulgurException if an optimizer is given twice
   */
  public static OptimizerPlan of(Optimizer first, Optimizer... more) {
    List<Optimizer> all = new ArrayList<>(List.of(first));
    for (Optimizer optimizer : more) {
      if (all.stream().anyMatch(known -> known == optimizer)) {
        throw new FulgurException(
            ErrorId.INVALID_ARGUMENT,
            "OptimizerPlan.of was given the same "
                + optimizer.name()
                + " twice, so it would step twice. Give each optimizer once.");
      }
      all.add(optimizer);
    }
    return new OptimizerPlan(all, List.of());
  }

  /** Returns a plan in which this schedule goes on after each training epoch. */
  public OptimizerPlan withScheduler(LearningRateScheduler scheduler) {
    return withScheduler(scheduler, ScheduleInterval.EPOCH, 1);
  }

  /**
   * Returns a plan in which this schedule goes on after every {@code frequency} epochs or optimizer
   * steps.
   *
   * @throws FulgurException if {@code frequency} is not positive, the schedule belongs to an
   *     optimizer that is not in the plan, or it follows a logged value, which is to be named
   */
  public OptimizerPlan withScheduler(
      LearningRateScheduler scheduler, ScheduleInterval interval, int frequency) {
    if (scheduler instanceof ReduceLROnPlateau) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "ReduceLROnPlateau follows a logged value. Name it: withScheduler(scheduler, \"val_loss\").");
    }
    return with(new Scheduled(scheduler, interval, frequency, /* monitor= */ ""));
  }

  /**
   * Returns a plan in which this schedule looks at a logged value at the end of each training
   * epoch, after its validation.
   *
   * @param monitor the value's name, e.g. {@code val_loss}; it must be logged in a step or at the
   *     end of validation
   */
  public OptimizerPlan withScheduler(ReduceLROnPlateau scheduler, String monitor) {
    return withScheduler(scheduler, monitor, 1);
  }

  /**
   * Returns a plan in which this schedule looks at a logged value at the end of every {@code
   * frequency}th training epoch, after its validation.
   *
   * @param monitor the value's name, e.g. {@code val_loss}; it must be logged in a step or at the
   *     end of validation
   * @throws FulgurException if {@code frequency} is not positive, the name is empty, or the
   *     schedule belongs to an optimizer that is not in the plan
   */
  public OptimizerPlan withScheduler(ReduceLROnPlateau scheduler, String monitor, int frequency) {
    if (monitor.isEmpty()) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "ReduceLROnPlateau was given an empty monitor. Name the logged value to follow, e.g."
              + " \"val_loss\".");
    }
    return with(new Scheduled(scheduler, ScheduleInterval.EPOCH, frequency, monitor));
  }

  private OptimizerPlan with(Scheduled scheduled) {
    LearningRateScheduler scheduler = scheduled.scheduler();
    if (scheduled.frequency() <= 0) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "The frequency of "
              + scheduler.getClass().getSimpleName()
              + " is "
              + scheduled.frequency()
              + ", but must be at least 1: the schedule goes on after every so many epochs or steps.");
    }
    if (optimizers.stream().noneMatch(optimizer -> optimizer == scheduler.optimizer())) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          scheduler.getClass().getSimpleName()
              + " belongs to an optimizer that is not in the plan. Make it with one of: "
              + String.join(", ", optimizers.stream().map(Optimizer::name).toList())
              + ".");
    }
    List<Scheduled> more = new ArrayList<>(schedulers);
    more.add(scheduled);
    return new OptimizerPlan(optimizers, more);
  }

  /** Returns the optimizers in the order in which they step, at least one. */
  public List<Optimizer> optimizers() {
    return optimizers;
  }

  /** Returns the schedules. */
  public List<Scheduled> schedulers() {
    return schedulers;
  }

  /**
   * A schedule and when it goes on.
   *
   * @param scheduler the schedule
   * @param interval what is counted
   * @param frequency after every how many of them the schedule goes on, at least 1
   * @param monitor the logged value that it follows; empty for none
   * @since 0.1
   */
  public record Scheduled(
      LearningRateScheduler scheduler, ScheduleInterval interval, int frequency, String monitor) {}
}
