package io.fulgur.tune;

import io.fulgur.error.OptionMistakes;

/**
 * Options of a {@link BatchSizeFinder}.
 *
 * @since 0.1
 */
public final class BatchSizeFinderBuilder {
  private BatchSizeMode mode = BatchSizeMode.POWER;
  private int stepsPerTrial = 3;
  private int initVal = 2;
  private int maxTrials = 25;
  private String batchArgName = "batchSize";
  private double margin = 0.05;
  private int maxVal = 8192;

  BatchSizeFinderBuilder() {}

  private BatchSizeFinderBuilder(BatchSizeFinderBuilder other) {
    mode = other.mode;
    stepsPerTrial = other.stepsPerTrial;
    initVal = other.initVal;
    maxTrials = other.maxTrials;
    batchArgName = other.batchArgName;
    margin = other.margin;
    maxVal = other.maxVal;
  }

  /** Sets how batch sizes are chosen; {@link BatchSizeMode#POWER} by default. */
  public BatchSizeFinderBuilder mode(BatchSizeMode value) {
    mode = value;
    return this;
  }

  /** Sets how many batches of each size are trained and validated on; 3 by default. */
  public BatchSizeFinderBuilder stepsPerTrial(int steps) {
    stepsPerTrial = steps;
    return this;
  }

  /** Sets the first batch size; 2 by default. */
  public BatchSizeFinderBuilder initVal(int batchSize) {
    initVal = batchSize;
    return this;
  }

  /** Sets how many batch sizes are tried at most; 25 by default. */
  public BatchSizeFinderBuilder maxTrials(int trials) {
    maxTrials = trials;
    return this;
  }

  /**
   * Names the field of the data module, or else of the module, for the batch size; {@code
   * batchSize} by default.
   */
  public BatchSizeFinderBuilder batchArgName(String name) {
    batchArgName = name;
    return this;
  }

  /**
   * Sets how much smaller than the largest possible the batch size is to be, to be on the safe
   * side; 0.05 by default. For {@link BatchSizeMode#BINSEARCH} that has met the limit; a power of
   * two has a margin already.
   */
  public BatchSizeFinderBuilder margin(double fraction) {
    margin = fraction;
    return this;
  }

  /** Sets the largest batch size that is tried; 8192 by default. */
  public BatchSizeFinderBuilder maxVal(int batchSize) {
    maxVal = batchSize;
    return this;
  }

  /**
   * Makes the callback.
   *
   * @throws io.fulgur.error.FulgurException that lists everything wrong with the options
   */
  public BatchSizeFinder build() {
    OptionMistakes mistakes = new OptionMistakes("BatchSizeFinder");
    positive(mistakes, "stepsPerTrial", stepsPerTrial);
    positive(mistakes, "initVal", initVal);
    positive(mistakes, "maxTrials", maxTrials);
    mistakes.require(
        maxVal >= initVal,
        "maxVal is " + maxVal + ", less than initVal, which is " + initVal + ".");
    mistakes.require(
        margin >= 0 && margin < 1,
        "margin is " + margin + ", but must be at least 0 and less than 1.");
    mistakes.require(
        !batchArgName.isBlank(),
        "batchArgName is blank. Name the field that holds the batch size.");
    mistakes.throwIfAny();
    return new BatchSizeFinder(new BatchSizeFinderBuilder(this));
  }

  private static void positive(OptionMistakes mistakes, String option, int value) {
    mistakes.require(value >= 1, option + " is " + value + ", but must be at least 1.");
  }

  BatchSizeMode mode() {
    return mode;
  }

  int stepsPerTrial() {
    return stepsPerTrial;
  }

  int initVal() {
    return initVal;
  }

  int maxTrials() {
    return maxTrials;
  }

  String batchArgName() {
    return batchArgName;
  }

  double margin() {
    return margin;
  }

  int maxVal() {
    return maxVal;
  }
}
