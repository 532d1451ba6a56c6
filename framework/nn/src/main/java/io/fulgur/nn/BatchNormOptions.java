package io.fulgur.nn;

/**
 * Options of batch normalisation. Immutable; e.g. {@code
 * BatchNormOptions.defaults().momentum(0.01)}.
 *
 * @param epsilon what is added to the variance; 1e-5 unless set
 * @param momentum how much of the running statistics each batch replaces; 0.1 unless set
 * @param cumulative whether the running statistics are the mean of those of all batches, whatever
 *     the momentum; not unless set
 * @param affine whether there are weight and bias; so unless set
 * @param trackRunningStats whether there are running statistics, which evaluation mode uses; so
 *     unless set. Without, the statistics are always the batch's own.
 * @since 0.1
 */
public record BatchNormOptions(
    double epsilon,
    double momentum,
    boolean cumulative,
    boolean affine,
    boolean trackRunningStats) {
  private static final BatchNormOptions DEFAULTS =
      new BatchNormOptions(
          1e-5, 0.1, /* cumulative= */ false, /* affine= */ true, /* trackRunningStats= */ true);

  /** Checks the numbers. */
  public BatchNormOptions {
    Checks.require(
        epsilon >= 0 && momentum >= 0 && momentum <= 1,
        "BatchNormOptions(epsilon=%s, momentum=%s): epsilon must not be negative, and momentum in [0, 1]."
            .formatted(epsilon, momentum));
  }

  /** Returns PyTorch's defaults. */
  public static BatchNormOptions defaults() {
    return DEFAULTS;
  }

  /** Returns these options with another epsilon. */
  public BatchNormOptions epsilon(double value) {
    return new BatchNormOptions(value, momentum, cumulative, affine, trackRunningStats);
  }

  /** Returns these options with another momentum. */
  public BatchNormOptions momentum(double value) {
    return new BatchNormOptions(epsilon, value, /* cumulative= */ false, affine, trackRunningStats);
  }

  /** Returns these options with the mean over all batches as running statistics. */
  public BatchNormOptions cumulativeAverage() {
    return new BatchNormOptions(
        epsilon, momentum, /* cumulative= */ true, affine, trackRunningStats);
  }

  /** Returns these options with or without weight and bias. */
  public BatchNormOptions affine(boolean value) {
    return new BatchNormOptions(epsilon, momentum, cumulative, value, trackRunningStats);
  }

  /** Returns these options with or without running statistics. */
  public BatchNormOptions trackRunningStats(boolean value) {
    return new BatchNormOptions(epsilon, momentum, cumulative, affine, value);
  }
}
