package io.fulgur.metric;

/**
 * Mean of absolute errors, {@code mean(|prediction - target|)} over all elements, as {@code
 * mean_absolute_error} of scikit-learn.
 *
 * @since 0.1
 */
public final class MeanAbsoluteError extends ErrorMetric<MeanAbsoluteError> {
  /** Makes an empty metric. */
  public MeanAbsoluteError() {}

  @Override
  Object options() {
    return "";
  }

  @Override
  double error(double difference) {
    return Math.abs(difference);
  }

  @Override
  public MeanAbsoluteError emptyCopy() {
    return new MeanAbsoluteError();
  }
}
