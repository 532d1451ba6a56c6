package io.fulgur.callback.averaging;

import io.fulgur.error.OptionMistakes;

/**
 * Keeps an exponential moving average of the weights: {@code averaged = decay · averaged + (1 -
 * decay) · current} after each optimizer step. All else is as of {@link WeightAveraging}.
 *
 * <pre>{@code
 * EmaWeightAveraging.builder().decay(0.999).updateStartingAtStep(100).build()
 * }</pre>
 *
 * <p>Follows {@code lightning.pytorch.callbacks.EMAWeightAveraging}.
 *
 * @since 0.1
 */
public final class EmaWeightAveraging extends WeightAveraging {
  private static final long NEVER = -1;

  private final long everyNSteps;
  private final long startingAtStep;
  private final long startingAtEpoch;

  private EmaWeightAveraging(Builder options) {
    super(AveragingFunction.exponential(options.decay), options.useBuffers);
    this.everyNSteps = options.everyNSteps;
    this.startingAtStep = options.startingAtStep;
    this.startingAtEpoch = options.startingAtEpoch;
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected boolean updatesAfterStep(long step) {
    return step >= startingAtStep && step % everyNSteps == 0;
  }

  @Override
  protected boolean updatesAfterEpoch(int epoch) {
    return startingAtEpoch != NEVER && epoch >= startingAtEpoch;
  }

  /**
   * Collects the options of an {@link EmaWeightAveraging}.
   *
   * @since 0.1
   */
  public static final class Builder {
    private double decay = 0.999;
    private long everyNSteps = 1;
    private long startingAtStep;
    private long startingAtEpoch = NEVER;
    private boolean useBuffers = true;

    private Builder() {}

    /** Sets how much of the average stays at an update, from 0 to 1; 0.999 by default. */
    public Builder decay(double part) {
      decay = part;
      return this;
    }

    /** Updates after the steps whose index, from 0, is a multiple of this; 1 by default. */
    public Builder updateEveryNSteps(long steps) {
      everyNSteps = steps;
      return this;
    }

    /** Updates after no step before the one of this index, from 0; 0 by default. */
    public Builder updateStartingAtStep(long step) {
      startingAtStep = step;
      return this;
    }

    /**
     * Updates also at the end of each epoch from the one of this index on, from 0; by default of
     * none.
     */
    public Builder updateStartingAtEpoch(int epoch) {
      startingAtEpoch = epoch;
      return this;
    }

    /** Averages buffers, too (the default), or takes the newest. */
    public Builder useBuffers(boolean average) {
      useBuffers = average;
      return this;
    }

    /**
     * Makes the callback.
     *
     * @throws io.fulgur.error.FulgurException that lists everything wrong with the options
     */
    public EmaWeightAveraging build() {
      OptionMistakes mistakes = new OptionMistakes("EmaWeightAveraging");
      mistakes.require(
          decay >= 0 && decay <= 1, "decay is " + decay + ", but must be from 0 to 1.");
      mistakes.require(
          everyNSteps >= 1,
          "updateEveryNSteps is " + everyNSteps + ", but must be at least 1, which is every step.");
      mistakes.require(
          startingAtStep >= 0,
          "updateStartingAtStep is " + startingAtStep + ", but must be at least 0.");
      mistakes.require(
          startingAtEpoch >= NEVER,
          "updateStartingAtEpoch is " + startingAtEpoch + ", but must be at least 0.");
      mistakes.throwIfAny();
      return new EmaWeightAveraging(this);
    }
  }
}
