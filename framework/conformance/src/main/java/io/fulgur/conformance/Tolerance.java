package io.fulgur.conformance;

import io.fulgur.tensor.DType;
import java.util.Arrays;
import org.opentest4j.AssertionFailedError;

/** How far a value may be from its reference. */
final class Tolerance {
  private Tolerance() {}

  /**
   * Compares numbers. In a type of 16 bits, an element may also be off by rounding what it was
   * added up from, which is of the size of the largest.
   */
  static void compare(String what, DType type, double factor, double[] actual, double[] expected) {
    if (actual.length != expected.length) {
      throw new AssertionFailedError(
          what + " has " + actual.length + " elements instead of " + expected.length);
    }
    double relative =
        switch (type) {
          case F64 -> 1e-10;
          case F32 -> 1e-5;
          case F16 -> 3e-3;
          case BF16 -> 2e-2;
          default -> 0;
        };
    boolean sixteenBits = type == DType.F16 || type == DType.BF16;
    double floor = 0.1 + (sixteenBits ? 0.2 * largest(expected) : 0);
    for (int i = 0; i < actual.length; i++) {
      double allowed = factor * relative * (Math.abs(expected[i]) + floor);
      boolean same =
          Double.compare(actual[i], expected[i]) == 0
              || actual[i] == expected[i]
              || Math.abs(actual[i] - expected[i]) <= allowed;
      if (!same) {
        throw new AssertionFailedError(
            "%s in %s differs at element %d: %s instead of %s\nactual   %s\nexpected %s"
                .formatted(
                    what,
                    type,
                    i,
                    actual[i],
                    expected[i],
                    Arrays.toString(actual),
                    Arrays.toString(expected)));
      }
    }
  }

  private static double largest(double[] numbers) {
    return Arrays.stream(numbers).filter(Double::isFinite).map(Math::abs).max().orElse(0);
  }
}
