package io.fulgur.callback.stopping;

import io.fulgur.RunningStage;
import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.checkpoint.State;
import io.fulgur.data.Batch;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.error.OptionMistakes;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.module.StepOutput;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures how long training, validation, test and prediction take, and ends training when its time
 * is up.
 *
 * <pre>{@code
 * Timer.builder().duration("00:12:00:00").build()
 * }</pre>
 *
 * <p>The time of training includes the validations within it, for it is what a machine is booked
 * for; the sanity check counts nowhere. Checkpoints hold the times, so that a resumed run has what
 * the one before left of it. Training ends after the batch (or epoch) at which the time is up, but
 * not before {@code minEpochs} and {@code minSteps}. Follows {@code
 * lightning.pytorch.callbacks.Timer}, which counts only the last validation.
 *
 * @since 0.1
 */
public final class Timer implements Callback {
  private static final Logger LOG = LoggerFactory.getLogger(Timer.class);
  private static final Pattern CLOCK = Pattern.compile("(\\d+):(\\d\\d):(\\d\\d):(\\d\\d)");

  private final @Nullable Duration duration;
  private final ScheduleInterval interval;
  private final boolean verbose;
  private final LongSupplier nanoClock;

  /** What has been measured, in nanoseconds, without what is running. */
  private final Map<RunningStage, Long> elapsed = new EnumMap<>(RunningStage.class);

  private final Map<RunningStage, Long> running = new EnumMap<>(RunningStage.class);

  private Timer(Builder options) {
    this.duration = options.duration;
    this.interval = options.interval;
    this.verbose = options.verbose;
    this.nanoClock = options.nanoClock;
  }

  /** Returns a builder of a timer that only measures unless it is given a duration. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the time of a text: {@code days:hours:minutes:seconds} with two digits for all but the
   * first, e.g. {@code 00:12:00:00}, or as {@link Duration#parse} reads it, e.g. {@code PT12H}.
   *
   * @throws FulgurException if it is neither
   */
  public static Duration parseDuration(String text) {
    Matcher clock = CLOCK.matcher(text.strip());
    if (clock.matches()) {
      return Duration.ofDays(Long.parseLong(clock.group(1)))
          .plusHours(Long.parseLong(clock.group(2)))
          .plusMinutes(Long.parseLong(clock.group(3)))
          .plusSeconds(Long.parseLong(clock.group(4)));
    }
    try {
      Duration parsed = Duration.parse(text.strip());
      if (!parsed.isNegative()) {
        return parsed;
      }
    } catch (DateTimeParseException e) {
      throw notATime(text, e);
    }
    throw notATime(text, new IllegalArgumentException("negative"));
  }

  private static FulgurException notATime(String text, Throwable cause) {
    return new FulgurException(
        ErrorId.INVALID_OPTIONS,
        "\"%s\" is no time. Write days:hours:minutes:seconds, e.g. 00:12:00:00 for half a day."
            .formatted(text),
        cause);
  }

  /**
   * Returns how long a stage has taken so far, over all runs that this one goes on from; zero for
   * {@link RunningStage#SANITY_CHECKING} and {@link RunningStage#IDLE}.
   */
  public Duration timeElapsed(RunningStage stage) {
    return Duration.ofNanos(nanos(stage));
  }

  /** Returns how much time is left to train, zero if none; empty if there is no limit. */
  public Optional<Duration> timeRemaining() {
    if (duration == null) {
      return Optional.empty();
    }
    Duration left = duration.minus(timeElapsed(RunningStage.TRAINING));
    return Optional.of(left.isNegative() ? Duration.ZERO : left);
  }

  private long nanos(RunningStage stage) {
    long done = elapsed.getOrDefault(stage, 0L);
    Long since = running.get(stage);
    return since == null ? done : done + (nanoClock.getAsLong() - since);
  }

  private void start(RunningStage stage) {
    running.put(stage, nanoClock.getAsLong());
  }

  private void end(RunningStage stage) {
    long all = nanos(stage);
    running.remove(stage);
    elapsed.put(stage, all);
  }

  @Override
  public void onFitStart(Trainer trainer, FulgurModule module) {
    // The checkpoint that this fit goes on from may have left no time.
    stopIfOver(trainer);
  }

  @Override
  public void onTrainStart(Trainer trainer, FulgurModule module) {
    start(RunningStage.TRAINING);
  }

  @Override
  public void onTrainEnd(Trainer trainer, FulgurModule module) {
    end(RunningStage.TRAINING);
  }

  @Override
  public void onTrainBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex) {
    if (interval == ScheduleInterval.STEP) {
      stopIfOver(trainer);
    }
  }

  @Override
  public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
    if (interval == ScheduleInterval.EPOCH) {
      stopIfOver(trainer);
    }
  }

  @Override
  public void onValidationStart(Trainer trainer, FulgurModule module) {
    if (!trainer.isSanityChecking()) {
      start(RunningStage.VALIDATING);
    }
  }

  @Override
  public void onValidationEnd(Trainer trainer, FulgurModule module) {
    if (!trainer.isSanityChecking()) {
      end(RunningStage.VALIDATING);
    }
  }

  @Override
  public void onTestStart(Trainer trainer, FulgurModule module) {
    start(RunningStage.TESTING);
  }

  @Override
  public void onTestEnd(Trainer trainer, FulgurModule module) {
    end(RunningStage.TESTING);
  }

  @Override
  public void onPredictStart(Trainer trainer, FulgurModule module) {
    start(RunningStage.PREDICTING);
  }

  @Override
  public void onPredictEnd(Trainer trainer, FulgurModule module) {
    end(RunningStage.PREDICTING);
  }

  @Override
  public void onException(Trainer trainer, FulgurModule module, Throwable exception) {
    for (RunningStage stage : RunningStage.values()) {
      if (running.containsKey(stage)) {
        end(stage);
      }
    }
  }

  private void stopIfOver(Trainer trainer) {
    Duration limit = duration;
    if (limit == null || trainer.shouldStop() || nanos(RunningStage.TRAINING) < limit.toNanos()) {
      return;
    }
    trainer.stop();
    if (verbose) {
      LOG.info(
          "The time to train is up: {} of {}, at epoch {}, step {}",
          timeElapsed(RunningStage.TRAINING),
          limit,
          trainer.currentEpoch(),
          trainer.globalStep());
    }
  }

  @Override
  public State state() {
    State.Builder state = State.builder();
    for (RunningStage stage : RunningStage.values()) {
      if (elapsed.containsKey(stage) || running.containsKey(stage)) {
        state.put(stage.name(), nanos(stage));
      }
    }
    return state.build();
  }

  @Override
  public void loadState(State state) {
    elapsed.clear();
    for (RunningStage stage : RunningStage.values()) {
      if (state.has(stage.name())) {
        elapsed.put(stage, state.longValue(stage.name()));
      }
    }
  }

  /**
   * Collects the options of a {@link Timer}.
   *
   * @since 0.1
   */
  public static final class Builder {
    private @Nullable Duration duration;
    private ScheduleInterval interval = ScheduleInterval.STEP;
    private boolean verbose = true;
    private LongSupplier nanoClock = System::nanoTime;

    private Builder() {}

    /** Ends training after so much of it; no limit by default. */
    public Builder duration(Duration limit) {
      duration = limit;
      return this;
    }

    /** As {@link #duration(Duration)} with a text that {@link Timer#parseDuration} reads. */
    public Builder duration(String limit) {
      return duration(parseDuration(limit));
    }

    /** Says whether to look at the clock after each batch, the default, or each epoch. */
    public Builder interval(ScheduleInterval when) {
      interval = when;
      return this;
    }

    /** Says whether to tell when the time is up; true by default. */
    public Builder verbose(boolean tell) {
      verbose = tell;
      return this;
    }

    /** Reads the time from another clock than {@link System#nanoTime()}, for tests. */
    public Builder nanoClock(LongSupplier clock) {
      nanoClock = clock;
      return this;
    }

    /**
     * Makes the callback.
     *
     * @throws FulgurException if the duration is negative
     */
    public Timer build() {
      OptionMistakes mistakes = new OptionMistakes("Timer");
      mistakes.require(
          duration == null || !duration.isNegative(),
          "duration is " + duration + ", but must not be negative.");
      mistakes.throwIfAny();
      return new Timer(this);
    }
  }
}
