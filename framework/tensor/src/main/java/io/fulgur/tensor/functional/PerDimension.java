package io.fulgur.tensor.functional;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Arrays;
import java.util.List;

/** Options given as one number for all spatial dimensions, or as one for each. */
final class PerDimension {
  private PerDimension() {}

  /** Checks and boxes the values of an option. */
  static List<Integer> of(String option, int least, int... values) {
    boolean fits = values.length > 0;
    for (int value : values) {
      fits &= value >= least;
    }
    if (!fits) {
      throw invalid(
          "%s is %s; needed is one number, or one for each spatial dimension, none below %d."
              .formatted(option, Arrays.toString(values), least));
    }
    return Arrays.stream(values).boxed().toList();
  }

  /** Returns a value for each of {@code rank} dimensions. */
  static int[] resolve(String operator, String option, List<Integer> values, int rank) {
    if (values.size() != 1 && values.size() != rank) {
      throw invalid(
          "%s: %s is %s; needed is one number, or one for each of the %d spatial dimensions."
              .formatted(operator, option, values, rank));
    }
    int[] resolved = new int[rank];
    Arrays.setAll(resolved, i -> values.get(values.size() == 1 ? 0 : i));
    return resolved;
  }

  static FulgurException invalid(String message) {
    return new FulgurException(ErrorId.INVALID_ARGUMENT, message);
  }
}
