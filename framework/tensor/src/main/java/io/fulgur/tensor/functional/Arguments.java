package io.fulgur.tensor.functional;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.Tensor;

/** Checks of what users pass in. */
final class Arguments {
  private Arguments() {}

  /**
   * Requires a condition.
   *
   * @param message what is wrong, with the value and what is allowed
   */
  @SuppressWarnings("AnnotateFormatMethod") // Its annotation is in no library that we ship with.
  static void require(boolean condition, String message, Object... values) {
    if (!condition) {
      throw new FulgurException(ErrorId.INVALID_ARGUMENT, message.formatted(values));
    }
  }

  static void requireFloating(String function, Tensor x) {
    if (!x.dtype().isFloating()) {
      throw DTypeException.unsupported(
          function, x.dtype(), "a floating-point tensor; convert with to(DType.F32)");
    }
  }

  static void requireNumbers(String function, Tensor x) {
    Outputs.requireNumbers(function, x.dtype());
  }

  static void requireBool(String function, Tensor x) {
    if (x.dtype() != DType.BOOL) {
      throw DTypeException.unsupported(function, x.dtype(), "BOOL");
    }
  }

  static void requireIndex(String function, Tensor index) {
    if (index.dtype() != DType.I64) {
      throw DTypeException.unsupported(
          "The index of " + function, index.dtype(), "I64; convert with to(DType.I64)");
    }
  }

  static void requireOneType(String function, Tensor a, Tensor b) {
    if (a.dtype() != b.dtype()) {
      throw DTypeException.mixed(function, a.dtype(), b.dtype());
    }
  }
}
