package io.fulgur.callback.stopping;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.callback.MonitorMode;
import io.fulgur.callback.MonitorTiming;
import io.fulgur.callback.MonitoredMetrics;
import io.fulgur.checkpoint.State;
import io.fulgur.error.OptionMistakes;
import io.fulgur.module.FulgurModule;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops training once a logged metric no longer improves.
 *
 * <pre>{@code
 * EarlyStopping.builder().monitor("val_loss").patience(5).build()
 * }</pre>
 *
 * <p>Looks at the metric at the end of each training epoch, or of each validation if that runs more
 * or less often than once an epoch. Training goes on until {@code minEpochs} and {@code minSteps}
 * of the trainer are reached. Does nothing in the sanity check and with {@code fastDevRun}.
 *
 * <p>With {@link Builder#restoreBestWeights} the module has at the end of the fit the weights with
 * which the metric was best, also if training ended otherwise. They are kept in memory and in
 * checkpoints, so that a resumed run knows them, too.
 *
 * <p>Follows {@code lightning.pytorch.callbacks.EarlyStopping}, which cannot restore weights.
 *
 * @since 0.1
 */
public final class EarlyStopping implements Callback {
  private static final Logger LOG = LoggerFactory.getLogger(EarlyStopping.class);

  private final String monitor;
  private final boolean strict;
  private final @Nullable Boolean checkOnTrainEpochEnd;
  private final boolean verbose;
  private final boolean restoreBestWeights;
  private final StoppingRule rule;
  private final String stateKey;
  private final BestWeights best = new BestWeights();
  private StoppingReason reason = StoppingReason.NOT_STOPPED;
  private String message = "";
  private int stoppedEpoch = -1;

  private EarlyStopping(String monitor, StoppingRule.Limits limits, Builder options) {
    this.monitor = monitor;
    this.strict = options.strict;
    this.checkOnTrainEpochEnd = options.checkOnTrainEpochEnd;
    this.verbose = options.verbose;
    this.restoreBestWeights = options.restoreBestWeights;
    this.rule = new StoppingRule(monitor, limits);
    this.stateKey = "EarlyStopping{monitor=%s, mode=%s}".formatted(monitor, limits.mode());
  }

  /** Returns a builder; {@link Builder#monitor} must be called. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Order order() {
    return Order.MONITOR;
  }

  /** Returns why training was stopped. */
  public StoppingReason stoppingReason() {
    return reason;
  }

  /** Returns why training was stopped, in words; empty if it was not. */
  public String stoppingReasonMessage() {
    return message;
  }

  /** Returns in which epoch training was stopped, counted from 0; empty if it was not. */
  public OptionalInt stoppedEpoch() {
    return stoppedEpoch < 0 ? OptionalInt.empty() : OptionalInt.of(stoppedEpoch);
  }

  /** Returns the best value so far; infinity, with the sign of the worst, before the first. */
  public double bestScore() {
    return rule.bestScore();
  }

  /** Returns whether the module gets its best weights at the end of a fit. */
  public boolean restoresBestWeights() {
    return restoreBestWeights;
  }

  /** Returns how many checks in a row have seen no improvement. */
  public int waitCount() {
    return rule.waitCount();
  }

  @Override
  public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
    if (atTrainEpochEnd(trainer)) {
      check(trainer, module);
    }
  }

  @Override
  public void onValidationEnd(Trainer trainer, FulgurModule module) {
    if (!atTrainEpochEnd(trainer) && MonitorTiming.isTraining(trainer)) {
      check(trainer, module);
    }
  }

  /** After everything else that is done at the end, such as the last checkpoint. */
  @Override
  public void onFitEnd(Trainer trainer, FulgurModule module) {
    if (best.isEmpty()) {
      return;
    }
    best.restore(module);
    LOG.info("Restored the weights with which {} was {}", monitor, rule.bestScore());
  }

  private boolean atTrainEpochEnd(Trainer trainer) {
    return checkOnTrainEpochEnd == null
        ? MonitorTiming.atTrainEpochEnd(trainer)
        : checkOnTrainEpochEnd;
  }

  private void check(Trainer trainer, FulgurModule module) {
    if (trainer.isFastDevRun()) {
      return;
    }
    Map<String, Double> metrics = MonitoredMetrics.of(trainer);
    Double value = metrics.get(monitor);
    if (value == null) {
      if (strict) {
        throw MonitoredMetrics.monitorNotFound("EarlyStopping", monitor, metrics);
      }
      return;
    }
    StoppingReason found = rule.check(value);
    if (restoreBestWeights && rule.improved()) {
      best.take(trainer, module);
    }
    if (found != StoppingReason.NOT_STOPPED) {
      reason = found;
      message = rule.message();
      stoppedEpoch = trainer.currentEpoch();
      LOG.info("Stopping at epoch {}: {}", stoppedEpoch, message);
      trainer.stop();
    } else if (verbose) {
      LOG.info("{}", rule.message());
    } else {
      LOG.debug("{}", rule.message());
    }
  }

  @Override
  public String stateKey() {
    return stateKey;
  }

  @Override
  public State state() {
    State.Builder state =
        State.builder()
            .put("wait_count", (long) rule.waitCount())
            .put("best_score", rule.bestScore())
            .put("stopped_epoch", (long) stoppedEpoch)
            .put("stopping_reason", reason.name())
            .put("stopping_reason_message", message);
    return best.addTo(state).build();
  }

  @Override
  public void loadState(State state) {
    rule.restore(state.intValue("wait_count"), state.doubleValue("best_score"));
    stoppedEpoch = state.intValue("stopped_epoch");
    reason = StoppingReason.valueOf(state.stringValue("stopping_reason"));
    message = state.stringValue("stopping_reason_message");
    if (restoreBestWeights) {
      best.load(state);
    }
  }

  /**
   * Collects the options of an {@link EarlyStopping}.
   *
   * @since 0.1
   */
  public static final class Builder {
    private @Nullable String monitor;
    private MonitorMode mode = MonitorMode.MIN;
    private int patience = 3;
    private double minDelta;
    private boolean strict = true;
    private boolean checkFinite = true;
    private @Nullable Double stoppingThreshold;
    private @Nullable Double divergenceThreshold;
    private @Nullable Boolean checkOnTrainEpochEnd;
    private boolean verbose;
    private boolean restoreBestWeights;

    private Builder() {}

    /** Names the metric to look at. */
    public Builder monitor(String metric) {
      monitor = metric;
      return this;
    }

    /** Says which values are better; {@link MonitorMode#MIN} by default. */
    public Builder mode(MonitorMode better) {
      mode = better;
      return this;
    }

    /** Stops after this many checks without improvement; 3 by default. */
    public Builder patience(int checks) {
      patience = checks;
      return this;
    }

    /** Takes as improvement only what is better by more than this; 0 by default. */
    public Builder minDelta(double delta) {
      minDelta = delta;
      return this;
    }

    /** Fails if the metric was not logged (the default), or passes over it. */
    public Builder strict(boolean fail) {
      strict = fail;
      return this;
    }

    /** Stops if the metric is NaN or infinite (the default), or does not. */
    public Builder checkFinite(boolean check) {
      checkFinite = check;
      return this;
    }

    /** Stops once the metric is better than this. */
    public Builder stoppingThreshold(double value) {
      stoppingThreshold = value;
      return this;
    }

    /** Stops once the metric is worse than this. */
    public Builder divergenceThreshold(double value) {
      divergenceThreshold = value;
      return this;
    }

    /**
     * Looks at the metric at the end of training epochs, or of validations. By default at the end
     * of training epochs if validation runs once at the end of each, else of validations.
     */
    public Builder checkOnTrainEpochEnd(boolean check) {
      checkOnTrainEpochEnd = check;
      return this;
    }

    /** Logs every check, rather than only the one that stops; not by default. */
    public Builder verbose(boolean tell) {
      verbose = tell;
      return this;
    }

    /**
     * Gives the module at the end of the fit the weights with which the metric was best; not by
     * default. Takes the memory of another copy of the parameters and buffers, and makes
     * checkpoints larger by as much.
     */
    public Builder restoreBestWeights(boolean restore) {
      restoreBestWeights = restore;
      return this;
    }

    /**
     * Makes the callback.
     *
     * @throws io.fulgur.error.FulgurException that lists everything wrong with the options
     */
    public EarlyStopping build() {
      OptionMistakes mistakes = new OptionMistakes("EarlyStopping");
      String metric = monitor == null ? "" : monitor;
      mistakes.require(!metric.isBlank(), "monitor is not set. Name a metric that is logged.");
      mistakes.require(patience >= 0, "patience is " + patience + ", but must be at least 0.");
      mistakes.require(minDelta >= 0, "minDelta is " + minDelta + ", but must be at least 0.");
      mistakes.throwIfAny();
      return new EarlyStopping(
          metric,
          new StoppingRule.Limits(
              mode, patience, minDelta, checkFinite, stoppingThreshold, divergenceThreshold),
          this);
    }
  }
}
