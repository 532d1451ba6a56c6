package io.fulgur.module;

/**
 * After what a learning-rate schedule goes on.
 *
 * @since 0.1
 */
public enum ScheduleInterval {
  /** After training epochs. */
  EPOCH,
  /** After batches on which the optimizers stepped. */
  STEP
}
