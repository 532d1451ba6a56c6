package io.fulgur.tensor;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;

/**
 * Operands whose types do not fit an operator. Fulgur never converts silently; {@link
 * Tensor#to(DType)} converts.
 *
 * @since 0.1
 */
public final class DTypeException extends FulgurException {
  private static final long serialVersionUID = 1L;

  private DTypeException(String message) {
    super(ErrorId.DTYPE_MISMATCH, message + ".\n   " + UserCode.location());
  }

  /** Makes the error of two operands of different type. */
  public static DTypeException mixed(String operator, DType a, DType b) {
    return new DTypeException(
        operator
            + " of "
            + a
            + " and "
            + b
            + ": operands must have one type; convert one with to(DType."
            + a
            + ")");
  }

  /** Makes the error of an operand of a type that the operator does not take. */
  public static DTypeException unsupported(String operator, DType actual, String allowed) {
    return new DTypeException(operator + " of " + actual + ": allowed is " + allowed);
  }
}
