package io.fulgur.callback.averaging;

import io.fulgur.error.OptionMistakes;
import io.fulgur.nn.schedule.AnnealStrategy;
import java.util.Arrays;
import java.util.List;

/**
 * Collects the options of a {@link StochasticWeightAveraging}; the defaults are Lightning's.
 *
 * @since 0.1
 */
public final class StochasticWeightAveragingBuilder {
  private List<Double> learningRates = List.of();
  private double epochStart = 0.8;
  private boolean isFraction = true;
  private int annealingEpochs = 10;
  private AnnealStrategy annealingStrategy = AnnealStrategy.COSINE;
  private AveragingFunction function = AveragingFunction.equal();

  StochasticWeightAveragingBuilder() {}

  /** Sets the constant learning rate, of all parameter groups or of each. */
  public StochasticWeightAveragingBuilder swaLrs(double... values) {
    learningRates = Arrays.stream(values).boxed().toList();
    return this;
  }

  /** Sets the first epoch whose weights are averaged: 1 for the first of all. */
  public StochasticWeightAveragingBuilder swaEpochStart(int number) {
    epochStart = number;
    isFraction = false;
    return this;
  }

  /**
   * Sets the first epoch whose weights are averaged as a fraction of {@code maxEpochs}; 0.8 by
   * default: of 10 epochs, the eighth is the first.
   */
  public StochasticWeightAveragingBuilder swaEpochStart(double fraction) {
    epochStart = fraction;
    isFraction = true;
    return this;
  }

  /** Sets how many epochs the learning rates take to become constant; 10 by default. */
  public StochasticWeightAveragingBuilder annealingEpochs(int epochs) {
    annealingEpochs = epochs;
    return this;
  }

  /** Sets along what they change; {@link AnnealStrategy#COSINE} by default. */
  public StochasticWeightAveragingBuilder annealingStrategy(AnnealStrategy strategy) {
    annealingStrategy = strategy;
    return this;
  }

  /** Sets how weights enter the average; {@link AveragingFunction#equal()} by default. */
  public StochasticWeightAveragingBuilder avgFn(AveragingFunction averaging) {
    function = averaging;
    return this;
  }

  /**
   * Makes the callback.
   *
   * @throws io.fulgur.error.FulgurException that lists everything wrong with the options
   */
  public StochasticWeightAveraging build() {
    OptionMistakes mistakes = new OptionMistakes("StochasticWeightAveraging");
    mistakes.require(!learningRates.isEmpty(), "swaLrs is not set. Name a learning rate.");
    mistakes.require(
        learningRates.stream().allMatch(rate -> rate > 0 && Double.isFinite(rate)),
        "swaLrs is " + learningRates + ", but must be finite numbers above 0.");
    mistakes.require(
        isFraction || epochStart >= 1,
        "swaEpochStart is " + (int) epochStart + ", but must be at least 1, the first epoch.");
    mistakes.require(
        !isFraction || (epochStart >= 0 && epochStart <= 1),
        "swaEpochStart is " + epochStart + ", but a fraction must be from 0 to 1.");
    mistakes.require(
        annealingEpochs >= 0,
        "annealingEpochs is " + annealingEpochs + ", but must be at least 0.");
    mistakes.throwIfAny();
    return new StochasticWeightAveraging(
        new SwaOptions(
            epochStart, isFraction, annealingEpochs, annealingStrategy, function, learningRates));
  }
}
