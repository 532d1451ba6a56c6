package io.fulgur.tensor.functional;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;

/**
 * Comparisons beyond those that are methods of {@link Tensor}, and tests of whole tensors.
 *
 * @since 0.1
 */
public final class Comparison {
  private Comparison() {}

  /** Returns where elements are infinite, of either sign. */
  public static Tensor isInf(Tensor x) {
    return x.isFinite().logicalOr(x.isNan()).logicalNot();
  }

  /**
   * Returns where {@code |a - b| <= absolute + relative |b|}; equal infinities are close. As {@code
   * torch.isclose}.
   *
   * @param nanEqual whether a NaN is close to a NaN
   */
  public static Tensor isClose(
      Tensor a, Tensor b, double relative, double absolute, boolean nanEqual) {
    if (!a.dtype().isFloating()) {
      Tensor distance = a.sub(b).to(DType.F64).abs();
      return distance.le(b.to(DType.F64).abs().mul(relative).add(absolute));
    }
    Tensor limit = b.abs().mul(relative).add(absolute);
    Tensor near = a.sub(b).abs().le(limit).logicalAnd(b.isFinite());
    Tensor close = near.logicalOr(a.eq(b));
    return nanEqual ? close.logicalOr(a.isNan().logicalAnd(b.isNan())) : close;
  }

  /** Returns whether all elements are close, with 1e-5 relative and 1e-8 absolute tolerance. */
  public static boolean allClose(Tensor a, Tensor b) {
    return allClose(a, b, 1e-5, 1e-8, /* nanEqual= */ false);
  }

  /** Returns whether {@link #isClose} holds for all elements. */
  public static boolean allClose(
      Tensor a, Tensor b, double relative, double absolute, boolean nanEqual) {
    return isClose(a, b, relative, absolute, nanEqual).all().item() != 0;
  }

  /** Returns whether two tensors have one type and shape and equal elements; NaN equals nothing. */
  public static boolean equal(Tensor a, Tensor b) {
    return a.dtype() == b.dtype() && a.shape().equals(b.shape()) && a.eq(b).all().item() != 0;
  }

  /** Returns whether any element is true, over some dimensions. */
  public static Tensor any(Tensor x, boolean keepDim, int... dims) {
    Arguments.requireBool("any", x);
    return Statistics.countNonzero(x, keepDim, dims).gt(0);
  }

  /** Returns whether all elements are true, over some dimensions. */
  public static Tensor all(Tensor x, boolean keepDim, int... dims) {
    Arguments.requireBool("all", x);
    return Statistics.countNonzero(x.logicalNot(), keepDim, dims).eq(0);
  }
}
