package io.fulgur.data;

/**
 * What a {@link DataModule} is asked to make ready for.
 *
 * @since 0.1
 */
public enum Stage {
  /** Training with the validation that goes with it. */
  FIT,
  /** Validation alone. */
  VALIDATE,
  /** The test. */
  TEST,
  /** Prediction. */
  PREDICT
}
