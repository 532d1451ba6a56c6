package io.fulgur.tune;

import io.fulgur.error.OptionMistakes;
import java.util.List;

/**
 * Options of a {@link LearningRateFinder}.
 *
 * @since 0.1
 */
public final class LearningRateFinderBuilder {
  private static final int POINTS_OF_A_SLOPE = 2;

  private double minLr = 1e-8;
  private double maxLr = 1;
  private int numTrainingSteps = 100;
  private SweepMode mode = SweepMode.EXPONENTIAL;
  private double earlyStopThreshold = 4;
  private int skipBegin = 10;
  private int skipEnd = 1;
  private boolean updateAttribute = true;
  private String attributeName = "";

  LearningRateFinderBuilder() {}

  private LearningRateFinderBuilder(LearningRateFinderBuilder other) {
    minLr = other.minLr;
    maxLr = other.maxLr;
    numTrainingSteps = other.numTrainingSteps;
    mode = other.mode;
    earlyStopThreshold = other.earlyStopThreshold;
    skipBegin = other.skipBegin;
    skipEnd = other.skipEnd;
    updateAttribute = other.updateAttribute;
    attributeName = other.attributeName;
  }

  /** Sets the learning rate of the first step; 1e-8 by default. */
  public LearningRateFinderBuilder minLr(double value) {
    minLr = value;
    return this;
  }

  /** Sets the learning rate of the last step; 1 by default. */
  public LearningRateFinderBuilder maxLr(double value) {
    maxLr = value;
    return this;
  }

  /** Sets how many optimizer steps are taken; 100 by default. */
  public LearningRateFinderBuilder numTrainingSteps(int steps) {
    numTrainingSteps = steps;
    return this;
  }

  /** Sets how the learning rate grows; exponentially by default. */
  public LearningRateFinderBuilder mode(SweepMode value) {
    mode = value;
    return this;
  }

  /**
   * Ends the search once the smoothed loss is so many times the least so far, 4 by default; {@link
   * Double#POSITIVE_INFINITY} for never. A loss that is not finite always ends it.
   */
  public LearningRateFinderBuilder earlyStopThreshold(double times) {
    earlyStopThreshold = times;
    return this;
  }

  /**
   * Sets how many points at the start the suggestion leaves out, where the average is of few losses
   * yet; 10 by default.
   */
  public LearningRateFinderBuilder skipBegin(int points) {
    skipBegin = points;
    return this;
  }

  /**
   * Sets how many points at the end the suggestion leaves out, where the loss may have grown
   * already; 1 by default.
   */
  public LearningRateFinderBuilder skipEnd(int points) {
    skipEnd = points;
    return this;
  }

  /** Sets whether the module gets the learning rate that is found; true by default. */
  public LearningRateFinderBuilder updateAttribute(boolean update) {
    updateAttribute = update;
    return this;
  }

  /**
   * Names the module's field for the learning rate; by default it is {@code learningRate} or {@code
   * lr}.
   */
  public LearningRateFinderBuilder attributeName(String name) {
    attributeName = name;
    return this;
  }

  /**
   * Makes the callback.
   *
   * @throws io.fulgur.error.FulgurException that lists everything wrong with the options
   */
  public LearningRateFinder build() {
    OptionMistakes mistakes = new OptionMistakes("LearningRateFinder");
    mistakes.require(
        minLr > 0 && Double.isFinite(minLr), "minLr is " + minLr + ", but must be positive.");
    mistakes.require(
        maxLr > minLr && Double.isFinite(maxLr),
        "maxLr is " + maxLr + ", but must be greater than minLr, " + minLr + ".");
    notNegative(mistakes, "skipBegin", skipBegin);
    notNegative(mistakes, "skipEnd", skipEnd);
    long least = Math.max(0L, skipBegin) + Math.max(0, skipEnd) + POINTS_OF_A_SLOPE;
    mistakes.require(
        numTrainingSteps >= least,
        "numTrainingSteps is "
            + numTrainingSteps
            + ", but must be at least "
            + least
            + ": skipBegin, "
            + skipBegin
            + ", and skipEnd, "
            + skipEnd
            + ", leave so many out, and a slope needs two.");
    mistakes.require(
        earlyStopThreshold > 1,
        "earlyStopThreshold is "
            + earlyStopThreshold
            + ", but must be greater than 1: it is how many times the least loss is too much.");
    mistakes.throwIfAny();
    return new LearningRateFinder(new LearningRateFinderBuilder(this));
  }

  private static void notNegative(OptionMistakes mistakes, String option, int points) {
    mistakes.require(points >= 0, option + " is " + points + ", but must not be negative.");
  }

  double minLr() {
    return minLr;
  }

  double maxLr() {
    return maxLr;
  }

  int numTrainingSteps() {
    return numTrainingSteps;
  }

  SweepMode mode() {
    return mode;
  }

  double earlyStopThreshold() {
    return earlyStopThreshold;
  }

  int skipBegin() {
    return skipBegin;
  }

  int skipEnd() {
    return skipEnd;
  }

  boolean updateAttribute() {
    return updateAttribute;
  }

  List<String> attributeNames() {
    return attributeName.isEmpty() ? List.of("learningRate", "lr") : List.of(attributeName);
  }
}
