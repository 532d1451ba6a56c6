package io.fulgur;

import java.util.Locale;

/**
 * What a trainer was asked to do.
 *
 * @since 0.1
 */
public enum RunKind {
  /** Train, and validate in between. */
  FIT,
  /** Validate once. */
  VALIDATE,
  /** Test once. */
  TEST,
  /** Predict once. */
  PREDICT;

  /** Returns the name of the trainer's method, e.g. {@code fit}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
