package io.fulgur.tensor;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Operands whose shapes do not fit an operator. The message names the operator, every operand's
 * shape and the line of user code.
 *
 * @since 0.1
 */
public final class ShapeException extends FulgurException {
  private static final long serialVersionUID = 1L;

  private ShapeException(String message) {
    super(ErrorId.SHAPE_MISMATCH, message);
  }

  /** Makes the error of operands that do not fit an operator. */
  public static ShapeException mismatch(String operator, String reason, Shape... operands) {
    String shapes =
        Arrays.stream(operands).map(Shape::toString).collect(Collectors.joining(" and "));
    return new ShapeException(
        "%s of %s: %s.\n   %s".formatted(operator, shapes, reason, UserCode.location()));
  }

  /** Makes the error of a shape or dimension that cannot be. */
  public static ShapeException invalid(String reason) {
    return new ShapeException(reason + ".\n   " + UserCode.location());
  }
}
