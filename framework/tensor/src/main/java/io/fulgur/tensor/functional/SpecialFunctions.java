package io.fulgur.tensor.functional;

import io.fulgur.tensor.Calls;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Tensor;

/**
 * Special functions element by element, as those of {@code torch.special}; for floating-point
 * tensors. {@code erf}, {@code expm1} and {@code log1p} are methods of {@link Tensor}.
 *
 * @since 0.1
 */
public final class SpecialFunctions {
  private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

  private SpecialFunctions() {}

  /** Returns {@code 1 - erf(x)}, exact for large {@code x}. */
  public static Tensor erfc(Tensor input) {
    return Pointwise.unary(
        PointwiseOperators.ERFC,
        input,
        (grad, x, y) -> grad.mul(x.square().neg().exp()).mul(-TWO_OVER_SQRT_PI));
  }

  /** Returns the {@code x} with {@code erf(x) = y}; NaN outside of {@code [-1, 1]}. */
  public static Tensor erfinv(Tensor input) {
    return Pointwise.unary(
        PointwiseOperators.ERFINV,
        input,
        (grad, x, y) -> grad.mul(y.square().exp()).mul(1 / TWO_OVER_SQRT_PI));
  }

  /** Returns {@code log |Γ(x)|}. */
  public static Tensor lgamma(Tensor input) {
    return Pointwise.unary(PointwiseOperators.LGAMMA, input, (grad, x, y) -> grad.mul(digamma(x)));
  }

  /** Returns the derivative of {@link #lgamma}. */
  public static Tensor digamma(Tensor input) {
    return Pointwise.unary(
        PointwiseOperators.DIGAMMA, input, (grad, x, y) -> grad.mul(trigamma(x)));
  }

  /**
   * Returns the derivative of {@link #digamma}, {@code polygamma(1, x)}; not differentiable itself.
   */
  public static Tensor trigamma(Tensor input) {
    return Calls.elementwise(PointwiseOperators.TRIGAMMA, Operators.NONE, input);
  }
}
