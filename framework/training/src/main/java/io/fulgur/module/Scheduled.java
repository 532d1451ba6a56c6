package io.fulgur.module;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.nn.schedule.ReduceLROnPlateau;

/**
 * A learning-rate schedule and when it goes on.
 *
 * <pre>{@code
 * OptimizerPlan.of(optimizer)
 *     .withScheduler(Scheduled.of(plateau).monitor("val_loss").strict(false).name("rate"));
 * }</pre>
 *
 * @param scheduler the schedule
 * @param interval what is counted: epochs by default, or batches of an epoch on which its optimizer
 *     stepped
 * @param frequency at every how many of them the schedule goes on, at least 1: {@code (epoch + 1) %
 *     frequency == 0}, or {@code (batchIndex + 1) % frequency == 0}
 * @param monitor the logged value that it follows; empty for none
 * @param strict whether it is an error if that value was not logged, and not a warning
 * @param name what the learning rate is called where it is logged; empty for the optimizer's name
 * @since 0.1
 */
public record Scheduled(
    LearningRateScheduler scheduler,
    ScheduleInterval interval,
    int frequency,
    String monitor,
    boolean strict,
    String name) {
  /**
   * Makes one of all its parts.
   *
   * @throws FulgurException if {@code frequency} is not positive
   */
  public Scheduled {
    if (frequency <= 0) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "The frequency of "
              + scheduler.getClass().getSimpleName()
              + " is "
              + frequency
              + ", but must be at least 1: the schedule goes on after every so many epochs or steps.");
    }
  }

  /** Returns a schedule that goes on after each training epoch. */
  public static Scheduled of(LearningRateScheduler scheduler) {
    return new Scheduled(
        scheduler,
        ScheduleInterval.EPOCH,
        /* frequency= */ 1,
        /* monitor= */ "",
        /* strict= */ true,
        /* name= */ "");
  }

  /** Returns one that counts epochs or batches. */
  public Scheduled interval(ScheduleInterval counted) {
    return new Scheduled(scheduler, counted, frequency, monitor, strict, name);
  }

  /** Returns one that goes on at every so many of what is counted. */
  public Scheduled frequency(int every) {
    return new Scheduled(scheduler, interval, every, monitor, strict, name);
  }

  /**
   * Returns one that follows a logged value, which must be known when it goes on: logged in a
   * training step, or in the validation before.
   *
   * @throws FulgurException if the name is empty, or the schedule is none that follows a value
   */
  public Scheduled monitor(String logged) {
    if (!(scheduler instanceof ReduceLROnPlateau)) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "%s follows no logged value, but is to monitor \"%s\". Leave the monitor out, or use ReduceLROnPlateau."
              .formatted(scheduler.getClass().getSimpleName(), logged));
    }
    if (logged.isEmpty()) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "ReduceLROnPlateau was given an empty monitor. Name the logged value to follow, e.g."
              + " \"val_loss\".");
    }
    return new Scheduled(scheduler, interval, frequency, logged, strict, name);
  }

  /** Returns one for which a value that was not logged is an error, or a warning. */
  public Scheduled strict(boolean required) {
    return new Scheduled(scheduler, interval, frequency, monitor, required, name);
  }

  /** Returns one whose learning rate is logged under a name. */
  public Scheduled name(String logged) {
    return new Scheduled(scheduler, interval, frequency, monitor, strict, logged);
  }
}
