package io.fulgur.profile;

import java.util.Set;

/**
 * How long the batches of a fit took, and how long of that the loop has waited for data. What lies
 * between, such as validation and the hooks of epochs, is not counted.
 *
 * @param batches how many were trained on
 * @param elapsedNanos how long that took, waiting included
 * @param dataNanos how long the loop waited for the next batch: for workers, or while it was made
 *     on the loop's own thread
 * @since 0.1
 */
public record StepTimes(long batches, long elapsedNanos, long dataNanos) {
  /** Nothing yet. */
  public static final StepTimes NONE = new StepTimes(0, 0, 0);

  /** The name under which loggers get {@link #stepMillis()} of the steps since the last time. */
  public static final String STEP_MILLIS = "time/step_ms";

  /** The name under which loggers get {@link #dataFraction()} of the steps since the last time. */
  public static final String DATA_FRACTION = "time/data_fraction";

  /** The name under which loggers get {@link #stepMillis()} of each epoch. */
  public static final String EPOCH_STEP_MILLIS = "time/epoch_step_ms";

  /** The name under which loggers get {@link #dataFraction()} of each epoch. */
  public static final String EPOCH_DATA_FRACTION = "time/epoch_data_fraction";

  /** All of these names. */
  public static final Set<String> NAMES =
      Set.of(STEP_MILLIS, DATA_FRACTION, EPOCH_STEP_MILLIS, EPOCH_DATA_FRACTION);

  private static final double NANOS_PER_MILLI = 1e6;

  /** Returns the time in the model: everything but waiting. */
  public long modelNanos() {
    return elapsedNanos - dataNanos;
  }

  /** Returns which part of the time was spent waiting for data, 0 to 1; 0 of no time. */
  public double dataFraction() {
    return elapsedNanos == 0 ? 0 : (double) dataNanos / elapsedNanos;
  }

  /** Returns the mean time of a batch in milliseconds, waiting included; 0 of none. */
  public double stepMillis() {
    return batches == 0 ? 0 : elapsedNanos / NANOS_PER_MILLI / batches;
  }

  /** Returns what has come since an earlier time. */
  public StepTimes since(StepTimes earlier) {
    return new StepTimes(
        batches - earlier.batches,
        elapsedNanos - earlier.elapsedNanos,
        dataNanos - earlier.dataNanos);
  }
}
