package io.fulgur.tensor.functional;

import io.fulgur.tensor.Composition;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.View;

/**
 * The operators behind {@link Activations}. All are composite and element-wise but for {@link
 * #GLU}; backward ones are {@code grad, x -> dx} with the scalars of the forward one.
 *
 * @since 0.1
 */
public final class ActivationOperators {
  /** {@code x > 0 ? x : s0 x}. */
  public static final Operator LEAKY_RELU =
      forward(
          "leakyRelu", (call, in) -> Tensor.where(in[0].gt(0), in[0], in[0].mul(call.scalar(0))));

  public static final Operator LEAKY_RELU_BACKWARD =
      backward(
          "leakyReluBackward",
          (call, in) -> Tensor.where(in[1].gt(0), in[0], in[0].mul(call.scalar(0))));

  /** {@code x > 0 ? s1 x : s0 s1 (exp(s2 x) - 1)}: ELU, SELU and CELU. */
  public static final Operator ELU = forward("elu", ActivationOperators::elu);

  public static final Operator ELU_BACKWARD =
      backward("eluBackward", ActivationOperators::eluBackward);

  /** {@code x sigmoid(x)}. */
  public static final Operator SILU = forward("silu", (call, in) -> in[0].mul(in[0].sigmoid()));

  public static final Operator SILU_BACKWARD =
      backward("siluBackward", ActivationOperators::siluBackward);

  /** {@code x tanh(softplus(x))}. */
  public static final Operator MISH =
      forward("mish", (call, in) -> in[0].mul(softplus(in[0]).tanh()));

  public static final Operator MISH_BACKWARD =
      backward("mishBackward", ActivationOperators::mishBackward);

  /** {@code log(1 + exp(s0 x)) / s0}; {@code x} where {@code s0 x > s1}. */
  public static final Operator SOFTPLUS =
      forward("softplus", ActivationOperators::softplus).inSinglePrecision();

  public static final Operator SOFTPLUS_BACKWARD =
      backward("softplusBackward", ActivationOperators::softplusBackward);

  /** {@code log(sigmoid(x))}. */
  public static final Operator LOG_SIGMOID =
      forward("logSigmoid", (call, in) -> softplus(in[0].neg()).neg());

  public static final Operator LOG_SIGMOID_BACKWARD =
      backward("logSigmoidBackward", (call, in) -> in[0].mul(in[1].neg().sigmoid()));

  /** {@code x / (1 + |x|)}. */
  public static final Operator SOFTSIGN =
      forward("softsign", (call, in) -> in[0].div(in[0].abs().add(1)));

  public static final Operator SOFTSIGN_BACKWARD =
      backward("softsignBackward", (call, in) -> in[0].div(in[1].abs().add(1).square()));

  /** {@code x - tanh(x)}. */
  public static final Operator TANHSHRINK =
      forward("tanhshrink", (call, in) -> in[0].sub(in[0].tanh()));

  public static final Operator TANHSHRINK_BACKWARD =
      backward("tanhshrinkBackward", (call, in) -> in[0].mul(in[1].tanh().square()));

  /** {@code x - min(max(x, -s0), s0)}. */
  public static final Operator SOFTSHRINK =
      forward("softshrink", (call, in) -> in[0].sub(in[0].clamp(-call.scalar(0), call.scalar(0))));

  /** {@code |x| <= s0 ? 0 : x}. */
  public static final Operator HARDSHRINK =
      forward("hardshrink", (call, in) -> in[0].maskedFill(in[0].abs().le(call.scalar(0)), 0));

  /** Of {@link #SOFTSHRINK} and {@link #HARDSHRINK}: {@code |x| <= s0 ? 0 : grad}. */
  public static final Operator SHRINK_BACKWARD =
      backward("shrinkBackward", (call, in) -> in[0].maskedFill(in[1].abs().le(call.scalar(0)), 0));

  /** Of {@code min(max(x, s0), s1)}: {@code s0 < x < s1 ? grad : 0}. */
  public static final Operator HARDTANH_BACKWARD =
      backward(
          "hardtanhBackward",
          (call, in) ->
              Tensor.where(
                  in[1].gt(call.scalar(0)).logicalAnd(in[1].lt(call.scalar(1))),
                  in[0],
                  Tensor.zerosLike(in[0])));

  /** {@code min(max(x + 3, 0), 6) / 6}. */
  public static final Operator HARDSIGMOID =
      forward("hardsigmoid", (call, in) -> in[0].add(3).clamp(0, 6).div(6));

  public static final Operator HARDSIGMOID_BACKWARD =
      backward("hardsigmoidBackward", (call, in) -> in[0].maskedFill(in[1].abs().ge(3), 0).div(6));

  /** {@code x min(max(x + 3, 0), 6) / 6}. */
  public static final Operator HARDSWISH =
      forward("hardswish", (call, in) -> in[0].mul(in[0].add(3).clamp(0, 6).div(6)));

  public static final Operator HARDSWISH_BACKWARD =
      backward("hardswishBackward", ActivationOperators::hardswishBackward);

  /** {@code x <= s0 ? s1 : x}. */
  public static final Operator THRESHOLD =
      forward(
          "threshold", (call, in) -> in[0].maskedFill(in[0].le(call.scalar(0)), call.scalar(1)));

  public static final Operator THRESHOLD_BACKWARD =
      backward("thresholdBackward", (call, in) -> in[0].maskedFill(in[1].le(call.scalar(0)), 0));

  /** {@code a sigmoid(b)} for the halves of the axis that is the attribute, an Integer. */
  public static final Operator GLU =
      Operator.of("glu", ActivationOperators::half, Composition.of(ActivationOperators::glu));

  public static final Operator GLU_BACKWARD =
      Operator.of(
          "gluBackward",
          (attributes, in) -> Outputs.one(in[1].dtype(), in[1].shape()),
          Composition.of(ActivationOperators::gluBackward));

  private ActivationOperators() {}

  private static Operator forward(String name, Composition.Single composition) {
    return Operator.of(name, Outputs.floating(name), Composition.of(composition));
  }

  private static Operator backward(String name, Composition.Single composition) {
    return Operator.of(name, Outputs::sameAsFirst, Composition.of(composition));
  }

  private static Tensor elu(OpCall call, Tensor... in) {
    Tensor x = in[0];
    Tensor negative = x.mul(call.scalar(2)).expm1().mul(call.scalar(0) * call.scalar(1));
    return Tensor.where(x.le(0), negative, x.mul(call.scalar(1)));
  }

  private static Tensor eluBackward(OpCall call, Tensor... in) {
    double slope = call.scalar(0) * call.scalar(1) * call.scalar(2);
    Tensor negative = in[0].mul(in[1].mul(call.scalar(2)).exp()).mul(slope);
    return Tensor.where(in[1].gt(0), in[0].mul(call.scalar(1)), negative);
  }

  private static Tensor siluBackward(OpCall call, Tensor... in) {
    Tensor sigmoid = in[1].sigmoid();
    Tensor slope = sigmoid.neg().add(1).mul(in[1]).add(1).mul(sigmoid);
    return in[0].mul(slope);
  }

  private static Tensor mishBackward(OpCall call, Tensor... in) {
    Tensor x = in[1];
    Tensor tanh = softplus(x).tanh();
    Tensor slope = tanh.square().neg().add(1).mul(x).mul(x.sigmoid()).add(tanh);
    return in[0].mul(slope);
  }

  /** {@code log(1 + exp(x))} without overflow. */
  private static Tensor softplus(Tensor x) {
    return x.clamp(0, Double.POSITIVE_INFINITY).add(x.abs().neg().exp().log1p());
  }

  private static Tensor softplus(OpCall call, Tensor... in) {
    Tensor scaled = in[0].mul(call.scalar(0));
    return Tensor.where(scaled.gt(call.scalar(1)), in[0], softplus(scaled).mul(1 / call.scalar(0)));
  }

  private static Tensor softplusBackward(OpCall call, Tensor... in) {
    Tensor scaled = in[1].mul(call.scalar(0));
    return Tensor.where(scaled.gt(call.scalar(1)), in[0], in[0].mul(scaled.sigmoid()));
  }

  private static Tensor hardswishBackward(OpCall call, Tensor... in) {
    Tensor x = in[1];
    Tensor inner = in[0].mul(x.div(3).add(0.5));
    return Tensor.where(x.gt(3), in[0], inner.maskedFill(x.lt(-3), 0));
  }

  private static Operator.Output[] half(Object axis, View[] in) {
    Outputs.requireFloating("glu", in[0]);
    Shape shape = in[0].shape();
    long size = shape.size((Integer) axis);
    if (size % 2 != 0) {
      throw ShapeException.mismatch(
          "glu", "the size of dimension " + axis + " must be even", shape);
    }
    return Outputs.one(in[0].dtype(), shape.withSize((Integer) axis, size / 2));
  }

  private static Tensor glu(OpCall call, Tensor... in) {
    int axis = call.attributes(Integer.class);
    long half = in[0].size(axis) / 2;
    return in[0].slice(axis, 0, half).mul(in[0].slice(axis, half, 2 * half).sigmoid());
  }

  private static Tensor gluBackward(OpCall call, Tensor... in) {
    int axis = call.attributes(Integer.class);
    long half = in[1].size(axis) / 2;
    Tensor a = in[1].slice(axis, 0, half);
    Tensor gate = in[1].slice(axis, half, 2 * half).sigmoid();
    Tensor da = in[0].mul(gate);
    return Tensor.concat(axis, da, da.mul(a).mul(gate.neg().add(1)));
  }
}
