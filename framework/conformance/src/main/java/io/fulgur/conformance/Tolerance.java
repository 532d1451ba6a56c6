package io.fulgur.conformance;

import static java.util.Map.entry;

import io.fulgur.tensor.DType;
import java.util.Arrays;
import java.util.Map;
import org.opentest4j.AssertionFailedError;

/**
 * How far values may be from their references: what each type allows, times a factor for it.
 *
 * <p>All factors that are not 1 are in one table, by the family's operator, or by operator and the
 * note that ends a case's name, which counts more. Each stands for numbers that rounding makes
 * uncertain, mostly small differences of large ones in 16 bits, and is at most some four times what
 * is seen with any provider.
 *
 * @param f64 factor of {@link DType#F64}, whose references are of that type, too
 * @param f32 factor of {@link DType#F32}
 * @param f16 factor of {@link DType#F16}
 * @param bf16 factor of {@link DType#BF16}
 */
record Tolerance(double f64, double f32, double f16, double bf16) {
  private static final Tolerance DEFAULT = new Tolerance(1, 1, 1, 1);

  private static final Map<String, Tolerance> TABLE =
      Map.ofEntries(
          // The slope at a certain and wrong probability is 1e12.
          entry("losses/binaryCrossEntropy, certainties", new Tolerance(50, 1, 1, 1)),
          entry("losses/binaryCrossEntropyWithLogits", new Tolerance(1, 1, 1, 3)),
          entry("losses/cosineEmbedding", new Tolerance(1, 1, 1, 4)),
          // Inputs of 1000 have four digits left behind the point.
          entry("normalization/batchNorm, far from 0", new Tolerance(1, 500, 1, 1)),
          entry("normalization/groupNorm", new Tolerance(1, 1, 1, 3)),
          entry("normalization/rmsNorm", new Tolerance(1, 1, 4, 4)),
          entry("norms/cosineSimilarity", new Tolerance(1, 1, 1, 4)),
          // The gradient is trigamma, of which PyTorch's is off by 1e-9.
          entry("pointwise/digamma", new Tolerance(5, 1, 1, 1)),
          // It goes step by step, and each step rounds.
          entry("recurrent/lstmProjected", new Tolerance(1, 1, 2, 2)));

  /** Returns the tolerance of a case of a family. */
  static Tolerance of(String family, ReferenceCase reference) {
    String name = reference.name();
    String operator = family + "/" + reference.operator();
    String note = name.substring(name.lastIndexOf(']') + 1);
    return TABLE.getOrDefault(operator + note, TABLE.getOrDefault(operator, DEFAULT));
  }

  /** Returns the tolerance of gradients, in which there are more roundings. */
  Tolerance ofGradients() {
    return new Tolerance(2 * f64, 2 * f32, 2 * f16, 2 * bf16);
  }

  private double relative(DType type) {
    return switch (type) {
      case F64 -> f64 * 1e-10;
      case F32 -> f32 * 1e-5;
      case F16 -> f16 * 3e-3;
      case BF16 -> bf16 * 2e-2;
      default -> 0;
    };
  }

  /**
   * Compares numbers. In a type of 16 bits, an element may also be off by rounding what it was
   * added up from, which is of the size of the largest.
   */
  void compare(String what, DType type, double[] actual, double[] expected) {
    if (actual.length != expected.length) {
      throw new AssertionFailedError(
          what + " has " + actual.length + " elements instead of " + expected.length);
    }
    double relative = relative(type);
    boolean sixteenBits = type == DType.F16 || type == DType.BF16;
    double floor = 0.1 + (sixteenBits ? 0.2 * largest(expected) : 0);
    for (int i = 0; i < actual.length; i++) {
      double allowed = relative * (Math.abs(expected[i]) + floor);
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
