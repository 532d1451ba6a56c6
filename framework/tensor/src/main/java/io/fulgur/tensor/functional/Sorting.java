package io.fulgur.tensor.functional;

import io.fulgur.tensor.Calls;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.SortingOperators.Sort;
import io.fulgur.tensor.functional.SortingOperators.TopK;

/**
 * Sorting and picking by rank along a dimension. NaN counts as the largest number; of equal
 * elements the earlier comes first (sorting is stable).
 *
 * @since 0.1
 */
public final class Sorting {
  private static final double[] NO_SCALARS = {};

  private Sorting() {}

  /** Returns the elements in ascending order along a dimension, as {@code torch.sort}. */
  public static ValuesAndIndices sort(Tensor input, int dim) {
    return sort(input, dim, /* descending= */ false);
  }

  /** Returns the elements in order along a dimension, as {@code torch.sort(stable=True)}. */
  public static ValuesAndIndices sort(Tensor input, int dim, boolean descending) {
    Tensor x = atLeastVector(input).contiguous();
    int axis = x.shape().axis(dim);
    Tensor[] out = Calls.callAll(SortingOperators.SORT, new Sort(axis, descending), NO_SCALARS, x);
    recordPicked("sort", x, axis, out[0], out[1]);
    return shapedAs(input, out);
  }

  /** Returns the indices that {@link #sort} gives, as {@code torch.argsort}. */
  public static Tensor argsort(Tensor input, int dim, boolean descending) {
    return sort(input.detach(), dim, descending).indices();
  }

  /**
   * Returns the {@code k} largest or smallest elements along a dimension in order, as {@code
   * torch.topk}.
   *
   * @param k in {@code [0, size(dim)]}
   * @throws ShapeException if there are less than {@code k}
   */
  public static ValuesAndIndices topk(Tensor input, int k, int dim, boolean largest) {
    Tensor x = atLeastVector(input).contiguous();
    int axis = x.shape().axis(dim);
    Tensor[] out = Calls.callAll(SortingOperators.TOPK, new TopK(axis, k, largest), NO_SCALARS, x);
    recordPicked("topk", x, axis, out[0], out[1]);
    return k == 1 ? shapedAs(input, out) : new ValuesAndIndices(out[0], out[1]);
  }

  /** Returns the {@code k} largest elements along the last dimension, in descending order. */
  public static ValuesAndIndices topk(Tensor input, int k) {
    return topk(input, k, -1, /* largest= */ true);
  }

  /**
   * Returns the {@code k}-th smallest element along a dimension, which disappears, as {@code
   * torch.kthvalue}.
   *
   * @param k in {@code [1, size(dim)]}
   */
  public static ValuesAndIndices kthValue(Tensor input, int k, int dim) {
    Tensor x = atLeastVector(input);
    int axis = x.shape().axis(dim);
    if (k < 1 || k > x.size(axis)) {
      throw ShapeException.mismatch(
          "kthValue", "k is " + k + ", but must be in [1, " + x.size(axis) + "]", x.shape());
    }
    ValuesAndIndices smallest = topk(x, k, axis, /* largest= */ false);
    return new ValuesAndIndices(
        smallest.values().select(axis, k - 1).contiguous(),
        smallest.indices().select(axis, k - 1).contiguous());
  }

  /** Records that values were picked from an input at indices along an axis. */
  static void recordPicked(String operator, Tensor x, int axis, Tensor values, Tensor indices) {
    if (!Calls.tracks(x)) {
      return;
    }
    Calls.record(
        values,
        operator,
        (grad, g) -> {
          Tensor whole = Tensor.zerosLike(x);
          Calls.into(
              Operators.SCATTER_ADD,
              axis,
              Calls.views(grad.contiguous(), indices),
              Calls.views(whole));
          g.give(x, whole);
        },
        indices);
  }

  private static Tensor atLeastVector(Tensor x) {
    return x.rank() == 0 ? x.reshape(1) : x;
  }

  private static ValuesAndIndices shapedAs(Tensor input, Tensor[] out) {
    return input.rank() == 0
        ? new ValuesAndIndices(out[0].reshape(), out[1].reshape())
        : new ValuesAndIndices(out[0], out[1]);
  }
}
