package io.fulgur.nn;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Checks of arguments. */
final class Checks {
  private Checks() {}

  /** Throws an error unless a condition holds. */
  static void require(boolean condition, String message) {
    if (!condition) {
      throw new FulgurException(ErrorId.INVALID_ARGUMENT, message);
    }
  }

  /** Returns an input of a module, which a forward pre-hook may have replaced by null. */
  static Tensor present(@Nullable Tensor input, String name) {
    if (input == null) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "A forward pre-hook returned null for the " + name + ", which is needed.");
    }
    return input;
  }
}
