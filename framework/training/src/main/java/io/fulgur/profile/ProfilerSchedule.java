package io.fulgur.profile;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;

/**
 * Which steps of a run are recorded: after {@code skipFirst} steps a cycle of {@code waitSteps}
 * that are left alone, {@code warmupSteps} that are observed but not recorded, so that what
 * observing costs at first is over, and {@code activeSteps} that are recorded. As {@code
 * torch.profiler.schedule}.
 *
 * @param skipFirst how many steps are left alone once
 * @param waitSteps how many steps of each cycle are left alone
 * @param warmupSteps how many steps of each cycle are observed only
 * @param activeSteps how many steps of each cycle are recorded; positive
 * @param repeat after how many cycles recording ends; 0 for never
 * @since 0.1
 */
public record ProfilerSchedule(
    int skipFirst, int waitSteps, int warmupSteps, int activeSteps, int repeat) {
  /** Records every step. */
  public static final ProfilerSchedule ALWAYS = of(0, 0, 1);

  /** What becomes of a step. */
  enum Phase {
    /** It is left alone. */
    WAIT,
    /** It is observed. */
    WARMUP,
    /** It is recorded. */
    ACTIVE
  }

  /**
   * Makes a schedule.
   *
   * @throws FulgurException if a number is negative, or {@code activeSteps} is 0
   */
  public ProfilerSchedule {
    if (skipFirst < 0 || waitSteps < 0 || warmupSteps < 0 || activeSteps < 1 || repeat < 0) {
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS,
          "A profiler schedule has skipFirst %d, wait %d, warmup %d, active %d and repeat %d. Active must be at least 1, the others at least 0."
              .formatted(skipFirst, waitSteps, warmupSteps, activeSteps, repeat));
    }
  }

  /** Makes a schedule whose cycles go on until the run ends. */
  public static ProfilerSchedule of(int wait, int warmup, int active) {
    return new ProfilerSchedule(0, wait, warmup, active, 0);
  }

  /** Returns this schedule, starting after so many steps. */
  public ProfilerSchedule skipFirst(int steps) {
    return new ProfilerSchedule(steps, waitSteps, warmupSteps, activeSteps, repeat);
  }

  /** Returns this schedule, ending after so many cycles; 0 for never. */
  public ProfilerSchedule repeat(int cycles) {
    return new ProfilerSchedule(skipFirst, waitSteps, warmupSteps, activeSteps, cycles);
  }

  /** Returns what becomes of a step, counted from 0. */
  Phase phase(long step) {
    long after = step - skipFirst;
    long cycle = (long) waitSteps + warmupSteps + activeSteps;
    if (after < 0 || (repeat > 0 && after / cycle >= repeat)) {
      return Phase.WAIT;
    }
    long place = after % cycle;
    return place < waitSteps
        ? Phase.WAIT
        : place < waitSteps + warmupSteps ? Phase.WARMUP : Phase.ACTIVE;
  }
}
