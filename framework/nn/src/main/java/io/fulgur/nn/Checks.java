package io.fulgur.nn;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;

/** Checks of arguments. */
final class Checks {
  private Checks() {}

  /** Throws an error unless a condition holds. */
  static void require(boolean condition, String message) {
    if (!condition) {
      throw new FulgurException(ErrorId.INVALID_ARGUMENT, message);
    }
  }
}
