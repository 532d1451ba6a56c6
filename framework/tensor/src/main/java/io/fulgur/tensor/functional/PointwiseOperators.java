package io.fulgur.tensor.functional;

import io.fulgur.tensor.Composition;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Tensor;

/**
 * The operators behind {@link Pointwise} and {@link SpecialFunctions}: element-wise, of
 * floating-point types where nothing else is said, two inputs broadcast.
 *
 * @since 0.1
 */
public final class PointwiseOperators {
  public static final Operator TAN = unary("tan").inSinglePrecision();
  public static final Operator ASIN = unary("asin").inSinglePrecision();
  public static final Operator ACOS = unary("acos").inSinglePrecision();
  public static final Operator ATAN = unary("atan");
  public static final Operator SINH = unary("sinh").inSinglePrecision();
  public static final Operator COSH = unary("cosh").inSinglePrecision();
  public static final Operator ASINH = unary("asinh");
  public static final Operator ACOSH = unary("acosh");
  public static final Operator ATANH = unary("atanh");
  public static final Operator EXP2 = unary("exp2").inSinglePrecision();
  public static final Operator LOG2 = unary("log2").inSinglePrecision();
  public static final Operator LOG10 = unary("log10").inSinglePrecision();
  public static final Operator TRUNC = unary("trunc");

  /** {@code 1 - erf(x)}. */
  public static final Operator ERFC = unary("erfc");

  /** The inverse of erf. */
  public static final Operator ERFINV = unary("erfinv").inSinglePrecision();

  /** {@code log |Γ(x)|}. */
  public static final Operator LGAMMA = unary("lgamma");

  /** The derivative of lgamma. */
  public static final Operator DIGAMMA = unary("digamma");

  /** The derivative of digamma. */
  public static final Operator TRIGAMMA = unary("trigamma");

  /** {@code y, x -> angle} in {@code [-π, π]}. */
  public static final Operator ATAN2 = Operator.of("atan2", Outputs.floatingPair("atan2"));

  /** {@code grad, y, x -> dy, dx} of the broadcast shape, that of grad. */
  static final Operator ATAN2_BACKWARD =
      Operator.of(
          "atan2Backward",
          (attributes, in) -> {
            Operator.Output gradient = new Operator.Output(in[0].dtype(), in[0].shape());
            return new Operator.Output[] {gradient, gradient};
          },
          (call, in) -> {
            Tensor scaled = in[0].div(in[1].square().add(in[2].square()));
            return new Tensor[] {scaled.mul(in[2]), scaled.mul(in[1]).neg()};
          });

  /** {@code a - b trunc(a / b)}, with the sign of a; of any number type. */
  public static final Operator FMOD = Operator.of("fmod", Outputs.numbers("fmod"));

  /** {@code a - b floor(a / b)}, with the sign of b; of any number type. */
  public static final Operator REMAINDER = Operator.of("remainder", Outputs.numbers("remainder"));

  /** {@code log(exp(a) + exp(b))}; composite. */
  public static final Operator LOG_ADD_EXP =
      Operator.of(
          "logAddExp",
          Outputs.floatingPair("logAddExp"),
          Composition.of((call, in) -> logAddExp(in[0], in[1])));

  private PointwiseOperators() {}

  private static Operator unary(String name) {
    return Operator.of(name, Outputs.floating(name));
  }

  private static Tensor logAddExp(Tensor a, Tensor b) {
    // Of equal infinities the difference is NaN, but 0 is meant.
    Tensor distance = a.sub(b).abs().maskedFill(a.eq(b), 0);
    return a.maximum(b).add(distance.neg().exp().log1p());
  }
}
