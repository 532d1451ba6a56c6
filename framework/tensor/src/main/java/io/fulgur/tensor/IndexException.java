package io.fulgur.tensor;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;

/**
 * An index or label outside of the dimension that it points into. The message names the operator,
 * the index, what is allowed, and the line of user code.
 *
 * @since 0.1
 */
public final class IndexException extends FulgurException {
  private static final long serialVersionUID = 1L;

  private IndexException(String message) {
    super(ErrorId.INDEX_OUT_OF_RANGE, message + ".\n   " + UserCode.location());
  }

  /** Makes the error of an index of an operator that picks or scatters. */
  public static IndexException of(String operator, long index, long size) {
    return new IndexException(
        "%s: index %d is out of range for a dimension of size %d; allowed is %s"
            .formatted(operator, index, size, range(size)));
  }

  /** Makes the error of a label that is no class. */
  public static IndexException label(String operator, long label, long place, long classes) {
    return new IndexException(
        "%s: label %d at index %d of the batch is out of range; with %d classes, labels are %s"
            .formatted(operator, label, place, classes, range(classes)));
  }

  private static String range(long size) {
    return size == 0 ? "none" : "0 to " + (size - 1);
  }
}
