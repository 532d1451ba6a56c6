package io.fulgur.tensor.functional;

import static io.fulgur.tensor.Operators.NONE;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Calls;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Mathematical functions element by element, beyond those that are methods of {@link Tensor}. As
 * the functions of these names in {@code torch}; operands broadcast and have one type.
 *
 * @since 0.1
 */
public final class Pointwise {
  private static final double LN_2 = Math.log(2);
  private static final double[] NO_SCALARS = {};
  private static final double LN_10 = Math.log(10);

  private Pointwise() {}

  /** The derivative of a function, from the gradient, its argument and its value. */
  @FunctionalInterface
  interface Slope {
    Tensor times(Tensor grad, Tensor x, Tensor y);
  }

  static Tensor unary(Operator operator, Tensor input, Slope slope) {
    Tensor x = Autocast.input(operator, input);
    Tensor y = Calls.elementwise(operator, NONE, x);
    return Calls.tracks(x)
        ? Calls.record(y, operator.name(), (grad, g) -> g.give(x, slope.times(grad, x, y)), x, y)
        : y;
  }

  // ---------------------------------------------------------------- trigonometry

  /** Returns the tangent. */
  public static Tensor tan(Tensor input) {
    return unary(PointwiseOperators.TAN, input, (grad, x, y) -> grad.mul(y.square().add(1)));
  }

  /** Returns the angle in {@code [-π/2, π/2]} of a sine; NaN outside of {@code [-1, 1]}. */
  public static Tensor asin(Tensor input) {
    return unary(
        PointwiseOperators.ASIN, input, (grad, x, y) -> grad.mul(x.square().neg().add(1).rsqrt()));
  }

  /** Returns the angle in {@code [0, π]} of a cosine; NaN outside of {@code [-1, 1]}. */
  public static Tensor acos(Tensor input) {
    return unary(
        PointwiseOperators.ACOS,
        input,
        (grad, x, y) -> grad.mul(x.square().neg().add(1).rsqrt()).neg());
  }

  /** Returns the angle in {@code (-π/2, π/2)} of a tangent. */
  public static Tensor atan(Tensor input) {
    return unary(PointwiseOperators.ATAN, input, (grad, x, y) -> grad.div(x.square().add(1)));
  }

  /** Returns the angle in {@code [-π, π]} of points, as {@code torch.atan2(y, x)}. */
  public static Tensor atan2(Tensor ordinate, Tensor abscissa) {
    Tensor y = Autocast.widest(ordinate, abscissa);
    Tensor x = Autocast.widest(abscissa, ordinate);
    Tensor out = Calls.elementwise(PointwiseOperators.ATAN2, NONE, y, x);
    if (!Calls.tracks(y, x)) {
      return out;
    }
    return Calls.record(
        out,
        "atan2",
        (grad, g) -> {
          Tensor[] in =
              Calls.callAll(
                  PointwiseOperators.ATAN2_BACKWARD,
                  NONE,
                  NO_SCALARS,
                  grad.contiguous(),
                  y.contiguous(),
                  x.contiguous());
          Calls.giveBroadcast(g, y, in[0]);
          Calls.giveBroadcast(g, x, in[1]);
        },
        y,
        x);
  }

  /** Returns the hyperbolic sine. */
  public static Tensor sinh(Tensor input) {
    return unary(PointwiseOperators.SINH, input, (grad, x, y) -> grad.mul(cosh(x)));
  }

  /** Returns the hyperbolic cosine. */
  public static Tensor cosh(Tensor input) {
    return unary(PointwiseOperators.COSH, input, (grad, x, y) -> grad.mul(sinh(x)));
  }

  /** Returns the inverse of the hyperbolic sine. */
  public static Tensor asinh(Tensor input) {
    return unary(
        PointwiseOperators.ASINH, input, (grad, x, y) -> grad.mul(x.square().add(1).rsqrt()));
  }

  /** Returns the inverse of the hyperbolic cosine; NaN below 1. */
  public static Tensor acosh(Tensor input) {
    return unary(
        PointwiseOperators.ACOSH, input, (grad, x, y) -> grad.mul(x.square().sub(1).rsqrt()));
  }

  /** Returns the inverse of the hyperbolic tangent; NaN outside of {@code [-1, 1]}. */
  public static Tensor atanh(Tensor input) {
    return unary(
        PointwiseOperators.ATANH, input, (grad, x, y) -> grad.div(x.square().neg().add(1)));
  }

  // ---------------------------------------------------------------- powers and logarithms

  /** Returns 2 to the power of this. */
  public static Tensor exp2(Tensor input) {
    return unary(PointwiseOperators.EXP2, input, (grad, x, y) -> grad.mul(y).mul(LN_2));
  }

  /** Returns the logarithm to base 2. */
  public static Tensor log2(Tensor input) {
    return unary(PointwiseOperators.LOG2, input, (grad, x, y) -> grad.div(x.mul(LN_2)));
  }

  /** Returns the logarithm to base 10. */
  public static Tensor log10(Tensor input) {
    return unary(PointwiseOperators.LOG10, input, (grad, x, y) -> grad.div(x.mul(LN_10)));
  }

  /** Returns {@code log(exp(a) + exp(b))} without overflow. */
  public static Tensor logAddExp(Tensor a, Tensor b) {
    Tensor x = Autocast.widest(a, b);
    Tensor y = Autocast.widest(b, a);
    Tensor out = Calls.elementwise(PointwiseOperators.LOG_ADD_EXP, NONE, x, y);
    if (!Calls.tracks(x, y)) {
      return out;
    }
    return Calls.record(
        out,
        "logAddExp",
        (grad, g) -> {
          if (x.requiresGrad()) {
            Calls.giveBroadcast(g, x, grad.mul(x.sub(y).sigmoid()));
          }
          if (y.requiresGrad()) {
            Calls.giveBroadcast(g, y, grad.mul(y.sub(x).sigmoid()));
          }
        },
        x,
        y);
  }

  // ---------------------------------------------------------------- rounding and remainders

  /** Returns the integer part, rounding towards 0; the gradient is 0. */
  public static Tensor trunc(Tensor input) {
    return unary(PointwiseOperators.TRUNC, input, (grad, x, y) -> Tensor.zerosLike(x));
  }

  /** Returns {@code x - trunc(x)}. */
  public static Tensor frac(Tensor input) {
    return input.sub(trunc(input));
  }

  /**
   * Returns {@code a - b floor(a / b)}, which has the sign of {@code b}, as {@code %} in Python.
   *
   * @throws io.fulgur.error.FulgurException if an integer is divided by 0
   */
  public static Tensor remainder(Tensor a, Tensor b) {
    return modulo(PointwiseOperators.REMAINDER, a, b, (x, y) -> x.div(y).floor());
  }

  /** As {@link #remainder(Tensor, Tensor)} with one divisor. */
  public static Tensor remainder(Tensor a, double b) {
    return remainder(a, Tensor.full(b, a.dtype()));
  }

  /**
   * Returns {@code a - b trunc(a / b)}, which has the sign of {@code a}, as {@code %} in Java.
   *
   * @throws io.fulgur.error.FulgurException if an integer is divided by 0
   */
  public static Tensor fmod(Tensor a, Tensor b) {
    return modulo(PointwiseOperators.FMOD, a, b, (x, y) -> trunc(x.div(y)));
  }

  /** As {@link #fmod(Tensor, Tensor)} with one divisor. */
  public static Tensor fmod(Tensor a, double b) {
    return fmod(a, Tensor.full(b, a.dtype()));
  }

  private static Tensor modulo(
      Operator operator, Tensor a, Tensor b, BinaryOperator<Tensor> wholeQuotient) {
    Tensor x = Autocast.widest(a, b);
    Tensor y = Autocast.widest(b, a);
    Tensor out = Calls.elementwise(operator, NONE, x, y);
    if (!Calls.tracks(x, y)) {
      return out;
    }
    return Calls.record(
        out,
        operator.name(),
        (grad, g) -> {
          Calls.passBroadcast(g, x, grad);
          if (y.requiresGrad()) {
            Calls.giveBroadcast(g, y, grad.mul(wholeQuotient.apply(x, y)).neg());
          }
        },
        x,
        y);
  }

  // ---------------------------------------------------------------- several operands

  /**
   * Returns {@code x} limited to {@code [low, high]} element by element; where {@code low > high},
   * {@code high}.
   *
   * @param low the lower bounds, or null for none
   * @param high the upper bounds, or null for none
   */
  public static Tensor clamp(Tensor x, @Nullable Tensor low, @Nullable Tensor high) {
    if (low == null && high == null) {
      throw ShapeException.invalid("clamp of " + x.shape() + " needs a lower or an upper bound");
    }
    Tensor raised = low == null ? x : Tensor.where(x.lt(low), low, x);
    return high == null ? raised : Tensor.where(raised.gt(high), high, raised);
  }

  /** Returns {@code start + weight (end - start)}. */
  public static Tensor lerp(Tensor start, Tensor end, double weight) {
    return start.add(end.sub(start).mul(weight));
  }

  /** Returns {@code start + weight (end - start)}. */
  public static Tensor lerp(Tensor start, Tensor end, Tensor weight) {
    return start.add(end.sub(start).mul(weight));
  }

  /** Returns {@code x + value a b}. */
  public static Tensor addcmul(Tensor x, Tensor a, Tensor b, double value) {
    return x.add(a.mul(b).mul(value));
  }

  /** Returns {@code x + value a / b}. */
  public static Tensor addcdiv(Tensor x, Tensor a, Tensor b, double value) {
    return x.add(a.div(b).mul(value));
  }
}
