package io.fulgur.nn.loss;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;

/** What losses check of their options and operands. */
final class LossChecks {
  private LossChecks() {}

  static void requireOption(
      boolean condition, String loss, String option, Object value, String allowed) {
    if (!condition) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "%s: %s is %s; allowed is %s.".formatted(loss, option, value, allowed));
    }
  }

  static void requireFloating(String loss, Tensor input) {
    if (!input.dtype().isFloating()) {
      throw DTypeException.unsupported(loss, input.dtype(), "a floating-point input");
    }
  }

  /** Broadcasting in a loss is nearly always a mistake, so it is none of what losses allow. */
  static void requireAlike(String loss, Tensor input, Tensor target) {
    if (!input.shape().equals(target.shape())) {
      throw ShapeException.mismatch(
          loss, "input and target must have one shape", input.shape(), target.shape());
    }
    requireFloating(loss, input);
    if (input.dtype() != target.dtype()) {
      throw DTypeException.mixed(loss, input.dtype(), target.dtype());
    }
  }
}
