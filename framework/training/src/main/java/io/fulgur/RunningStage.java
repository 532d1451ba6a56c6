package io.fulgur;

/**
 * What a trainer is doing right now.
 *
 * @since 0.1
 */
public enum RunningStage {
  /** Nothing, or preparing. */
  IDLE("idle"),
  /** Trying some validation batches before training. */
  SANITY_CHECKING("sanity check"),
  /** Training. */
  TRAINING("training"),
  /** Validating, alone or within a fit. */
  VALIDATING("validation"),
  /** Testing. */
  TESTING("test"),
  /** Predicting. */
  PREDICTING("prediction");

  private final String label;

  RunningStage(String label) {
    this.label = label;
  }

  /** Returns the name for messages, e.g. {@code sanity check}. */
  public String label() {
    return label;
  }
}
