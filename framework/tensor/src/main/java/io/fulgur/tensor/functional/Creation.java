package io.fulgur.tensor.functional;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Tensors of regular values, beyond the factories of {@link Tensor} ({@code zeros}, {@code ones},
 * {@code full}, {@code arange(n)}, {@code of}). As the functions of these names in {@code torch}.
 *
 * @since 0.1
 */
public final class Creation {
  private Creation() {}

  /**
   * Returns {@code [start, start + step, ...]} up to, not including {@code end}.
   *
   * @param step not 0, and of the sign of {@code end - start}
   */
  public static Tensor arange(double start, double end, double step, DType dtype) {
    Arguments.require(
        step != 0 && (end - start) / step >= 0,
        "arange from %s to %s cannot go in steps of %s.",
        start,
        end,
        step);
    int n = (int) Math.ceil((end - start) / step);
    return values(n, dtype, i -> start + i * step);
  }

  /**
   * Returns {@code steps} numbers from {@code start} to {@code end}, both included, at equal
   * distances.
   */
  public static Tensor linspace(double start, double end, int steps, DType dtype) {
    requireFloating("linspace", dtype);
    Arguments.require(steps >= 0, "linspace needs steps >= 0, but got %d.", steps);
    double step = (end - start) / Math.max(1, steps - 1);
    // From both ends, so that both are exact.
    return values(
        steps, dtype, i -> i < (steps + 1) / 2 ? start + i * step : end - (steps - 1 - i) * step);
  }

  /** Returns {@code base} to the powers of {@link #linspace}. */
  public static Tensor logspace(double start, double end, int steps, double base, DType dtype) {
    requireFloating("logspace", dtype);
    double[] exponents = linspace(start, end, steps, DType.F64).toDoubleArray();
    return values(steps, dtype, i -> Math.pow(base, exponents[i]));
  }

  /** Returns a matrix with ones on the diagonal and zeros elsewhere. */
  public static Tensor eye(long rows, long columns, DType dtype) {
    return Tensor.arange(columns).eq(Tensor.arange(rows).unsqueeze(1)).to(dtype);
  }

  /** Returns the identity matrix. */
  public static Tensor eye(long n, DType dtype) {
    return eye(n, n, dtype);
  }

  private static void requireFloating(String function, DType dtype) {
    if (!dtype.isFloating()) {
      throw DTypeException.unsupported(function, dtype, "a floating-point type");
    }
  }

  private static Tensor values(int n, DType dtype, IntToDoubleFunction value) {
    double[] values = new double[n];
    Arrays.setAll(values, value);
    return Tensor.of(values, n).to(dtype);
  }
}
