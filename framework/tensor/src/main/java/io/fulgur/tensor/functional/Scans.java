package io.fulgur.tensor.functional;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Calls;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.ScanOperators.Scan;

/**
 * Running sums, products and extremes along a dimension, and differences of neighbours.
 *
 * @since 0.1
 */
public final class Scans {
  private static final double[] NO_SCALARS = {};

  private Scans() {}

  /** Returns {@code y[i] = x[0] + ... + x[i]} along a dimension, as {@code torch.cumsum}. */
  public static Tensor cumsum(Tensor input, int dim) {
    return input.rank() == 0
        ? cumsum(input.reshape(1), dim).reshape()
        : cumsum(input, new Scan(input.shape().axis(dim), /* reverse= */ false));
  }

  private static Tensor cumsum(Tensor input, Scan scan) {
    Tensor x = Autocast.input(ScanOperators.CUMSUM, input).contiguous();
    Tensor y = Calls.call(ScanOperators.CUMSUM, scan, x);
    return Calls.tracks(x)
        ? Calls.record(
            y,
            "cumsum",
            (grad, g) -> g.give(x, cumsum(grad, new Scan(scan.axis(), !scan.reverse()))))
        : y;
  }

  /** Returns {@code y[i] = x[0] ... x[i]} along a dimension, as {@code torch.cumprod}. */
  public static Tensor cumprod(Tensor input, int dim) {
    if (input.rank() == 0) {
      return cumprod(input.reshape(1), dim).reshape();
    }
    int axis = input.shape().axis(dim);
    Tensor x = Autocast.input(ScanOperators.CUMPROD, input).contiguous();
    Tensor y = Calls.call(ScanOperators.CUMPROD, axis, x);
    return Calls.tracks(x)
        ? Calls.record(
            y,
            "cumprod",
            (grad, g) ->
                g.give(x, Calls.call(ScanOperators.CUMPROD_BACKWARD, axis, grad.contiguous(), x)),
            x)
        : y;
  }

  /**
   * Returns the largest of the elements up to each along a dimension and where it is, as {@code
   * torch.cummax}: of equal elements the last; from a NaN on, NaN.
   */
  public static ValuesAndIndices cummax(Tensor input, int dim) {
    return extremum(ScanOperators.CUMMAX, input, dim);
  }

  /** As {@link #cummax} with the smallest, as {@code torch.cummin}. */
  public static ValuesAndIndices cummin(Tensor input, int dim) {
    return extremum(ScanOperators.CUMMIN, input, dim);
  }

  private static ValuesAndIndices extremum(Operator operator, Tensor input, int dim) {
    if (input.rank() == 0) {
      ValuesAndIndices only = extremum(operator, input.reshape(1), dim);
      return new ValuesAndIndices(only.values().reshape(), only.indices().reshape());
    }
    int axis = input.shape().axis(dim);
    Tensor x = input.contiguous();
    Tensor[] out = Calls.callAll(operator, axis, NO_SCALARS, x);
    Sorting.recordPicked(operator.name(), x, axis, out[0], out[1]);
    return new ValuesAndIndices(out[0], out[1]);
  }

  /** Returns the differences of neighbours along a dimension, as {@code torch.diff}. */
  public static Tensor diff(Tensor input, int dim) {
    return diff(input, dim, 1);
  }

  /**
   * Returns the {@code n}-th differences of neighbours along a dimension, whose size becomes {@code
   * n} less, but not negative.
   *
   * @param n not negative
   */
  public static Tensor diff(Tensor input, int dim, int n) {
    Arguments.requireNumbers("diff", input);
    Arguments.require(n >= 0, "diff needs n >= 0, but got %d.", n);
    int axis = input.shape().axis(dim);
    Tensor x = input;
    for (int i = 0; i < n; i++) {
      long size = x.size(axis);
      if (size == 0) {
        return x;
      }
      x = x.slice(axis, 1, size).sub(x.slice(axis, 0, size - 1));
    }
    return x;
  }
}
