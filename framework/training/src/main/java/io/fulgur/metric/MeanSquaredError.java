package io.fulgur.metric;

/**
 * Mean of squared errors, {@code mean((prediction - target)²)} over all elements, as {@code
 * mean_squared_error} of scikit-learn; or its {@linkplain #squared root}.
 *
 * @since 0.1
 */
public final class MeanSquaredError extends ErrorMetric<MeanSquaredError> {
  private final boolean squared;

  /** Makes an empty metric. */
  public MeanSquaredError() {
    this(true);
  }

  private MeanSquaredError(boolean squared) {
    this.squared = squared;
  }

  /** Returns an empty metric of the mean, or of its root (RMSE) if {@code false}. */
  public MeanSquaredError squared(boolean isSquared) {
    return new MeanSquaredError(isSquared);
  }

  @Override
  Object options() {
    return "squared=" + squared;
  }

  @Override
  double error(double difference) {
    return difference * difference;
  }

  @Override
  double value(double mean) {
    return squared ? mean : Math.sqrt(mean);
  }

  @Override
  public MeanSquaredError emptyCopy() {
    return new MeanSquaredError(squared);
  }
}
