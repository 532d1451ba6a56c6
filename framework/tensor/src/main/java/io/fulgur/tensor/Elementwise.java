package io.fulgur.tensor;

import static io.fulgur.tensor.Operators.NONE;

/** Operators that treat each element alone, with their gradients. */
final class Elementwise {
  private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

  private Elementwise() {}

  // ---------------------------------------------------------------- two operands

  static Tensor add(Tensor a, Tensor b) {
    Tensor x = Shaping.dense(Autocast.widest(a, b));
    Tensor y = Shaping.dense(Autocast.widest(b, a));
    Tensor out = Calls.elementwise(Operators.ADD, NONE, x, y);
    if (!Calls.tracks(x, y)) {
      return out;
    }
    return Calls.record(
        out,
        "add",
        (grad, g) -> {
          Calls.passBroadcast(g, x, grad);
          Calls.passBroadcast(g, y, grad);
        });
  }

  static Tensor sub(Tensor a, Tensor b) {
    Tensor x = Shaping.dense(Autocast.widest(a, b));
    Tensor y = Shaping.dense(Autocast.widest(b, a));
    Tensor out = Calls.elementwise(Operators.SUB, NONE, x, y);
    if (!Calls.tracks(x, y)) {
      return out;
    }
    return Calls.record(
        out,
        "sub",
        (grad, g) -> {
          Calls.passBroadcast(g, x, grad);
          if (y.requiresGrad()) {
            Calls.giveBroadcast(g, y, grad.neg());
          }
        });
  }

  static Tensor mul(Tensor a, Tensor b) {
    return ofPair(Operators.MUL, a, b, (grad, x, y) -> grad.mul(y), (grad, x, y) -> grad.mul(x));
  }

  static Tensor div(Tensor a, Tensor b) {
    return ofPair(
        Operators.DIV,
        a,
        b,
        (grad, x, y) -> grad.div(y),
        (grad, x, y) -> grad.mul(x.div(y).div(y)).neg());
  }

  private static Tensor ofPair(
      Operator operator, Tensor a, Tensor b, Slope ofFirst, Slope ofSecond) {
    Tensor x = Shaping.dense(Autocast.widest(a, b));
    Tensor y = Shaping.dense(Autocast.widest(b, a));
    Tensor out = Calls.elementwise(operator, NONE, x, y);
    if (!Calls.tracks(x, y)) {
      return out;
    }
    return Calls.record(
        out,
        operator.name(),
        (grad, g) -> {
          if (x.requiresGrad()) {
            Calls.giveBroadcast(g, x, ofFirst.times(grad, x, y));
          }
          if (y.requiresGrad()) {
            Calls.giveBroadcast(g, y, ofSecond.times(grad, x, y));
          }
        },
        x,
        y);
  }

  static Tensor pow(Tensor a, Tensor b) {
    Tensor x = Shaping.dense(Autocast.input(Operators.POW, a));
    Tensor y = Shaping.dense(Autocast.input(Operators.POW, b));
    Tensor out = Calls.elementwise(Operators.POW, NONE, x, y);
    if (!Calls.tracks(x, y)) {
      return out;
    }
    return Calls.record(
        out,
        "pow",
        (grad, g) -> {
          if (x.requiresGrad()) {
            // Where the exponent is 0 the derivative is 0, also at base 0.
            Tensor slope = y.mul(pow(x, y.sub(1)));
            Calls.giveBroadcast(g, x, grad.mul(Indexing.maskedFill(slope, y.eq(0), 0)));
          }
          if (y.requiresGrad()) {
            Tensor slope = out.mul(x.log());
            Calls.giveBroadcast(g, y, grad.mul(Indexing.maskedFill(slope, x.eq(0), 0)));
          }
        },
        x,
        y,
        out);
  }

  static Tensor maximum(Tensor a, Tensor b) {
    return extremum(Operators.MAXIMUM, Operators.GT, a, b);
  }

  static Tensor minimum(Tensor a, Tensor b) {
    return extremum(Operators.MINIMUM, Operators.LT, a, b);
  }

  private static Tensor extremum(Operator operator, Operator wins, Tensor a, Tensor b) {
    Tensor x = Shaping.dense(Autocast.widest(a, b));
    Tensor y = Shaping.dense(Autocast.widest(b, a));
    Tensor out = Calls.elementwise(operator, NONE, x, y);
    if (!Calls.tracks(x, y)) {
      return out;
    }
    return Calls.record(
        out,
        operator.name(),
        (grad, g) -> {
          Tensor half = compare(Operators.EQ, x, y).to(grad.dtype()).mul(0.5);
          if (x.requiresGrad()) {
            Tensor share = compare(wins, x, y).to(grad.dtype()).add(half);
            Calls.giveBroadcast(g, x, grad.mul(share));
          }
          if (y.requiresGrad()) {
            Tensor share = compare(wins, y, x).to(grad.dtype()).add(half);
            Calls.giveBroadcast(g, y, grad.mul(share));
          }
        },
        x,
        y);
  }

  static Tensor compare(Operator operator, Tensor a, Tensor b) {
    return Calls.elementwise(operator, NONE, Autocast.widest(a, b), Autocast.widest(b, a));
  }

  static Tensor compare(Operator operator, Tensor a, double value) {
    return compare(operator, a, Factories.full(value, a.dtype(), Shape.SCALAR));
  }

  static Tensor test(Operator operator, Tensor x) {
    return Calls.elementwise(operator, NONE, x);
  }

  // ---------------------------------------------------------------- scalars

  static Tensor affine(Tensor a, double scale, double shift) {
    if (a.dtype() == DType.BOOL) {
      throw DTypeException.unsupported(
          "Arithmetic", DType.BOOL, "a number type; convert with to(DType.F32)");
    }
    if (a.dtype().isInteger() && (scale != Math.rint(scale) || shift != Math.rint(shift))) {
      throw DTypeException.unsupported(
          "Arithmetic with the fraction " + (scale == 1 ? shift : scale),
          a.dtype(),
          "a floating-point tensor; convert with to(DType.F32)");
    }
    Tensor x = Shaping.dense(a);
    Tensor out = Calls.elementwise(Operators.AFFINE, NONE, new double[] {scale, shift}, x);
    if (!Calls.tracks(x)) {
      return out;
    }
    return Calls.record(
        out,
        scale == 1 ? "add" : "mul",
        (grad, g) -> {
          if (scale == 1) {
            g.pass(x, grad);
          } else {
            g.give(x, affine(grad, scale, 0));
          }
        });
  }

  static Tensor pow(Tensor a, double exponent) {
    Tensor x = Shaping.dense(Autocast.input(Operators.POW_SCALAR, a));
    Tensor out = Calls.elementwise(Operators.POW_SCALAR, NONE, new double[] {exponent}, x);
    if (!Calls.tracks(x)) {
      return out;
    }
    return Calls.record(
        out,
        "pow",
        (grad, g) ->
            g.give(
                x,
                exponent == 0 ? Tensor.zerosLike(x) : grad.mul(pow(x, exponent - 1).mul(exponent))),
        x);
  }

  static Tensor clamp(Tensor a, double low, double high) {
    if (!(low <= high)) {
      throw ShapeException.invalid(
          "clamp needs low <= high, but got low " + low + " and high " + high);
    }
    if (a.dtype() == DType.BOOL) {
      throw DTypeException.unsupported(
          "clamp", DType.BOOL, "a number type; convert with to(DType.F32)");
    }
    if (a.dtype().isInteger() && (low != Math.rint(low) || high != Math.rint(high))) {
      throw DTypeException.unsupported(
          "clamp to fractions", a.dtype(), "a floating-point tensor; convert with to(DType.F32)");
    }
    Tensor x = Shaping.dense(a);
    Tensor out = Calls.elementwise(Operators.CLAMP, NONE, new double[] {low, high}, x);
    if (!Calls.tracks(x)) {
      return out;
    }
    return Calls.record(
        out,
        "clamp",
        (grad, g) -> {
          Tensor inside = x.ge(low).logicalAnd(x.le(high));
          g.give(x, grad.mul(inside.to(grad.dtype())));
        },
        x);
  }

  // ---------------------------------------------------------------- one operand

  /** The derivative of a function, from its argument and its value, or from its two operands. */
  @FunctionalInterface
  private interface Slope {
    Tensor times(Tensor grad, Tensor x, Tensor y);
  }

  private static Tensor ofArgument(Operator operator, Tensor a, Slope slope) {
    Tensor x = Shaping.dense(Autocast.input(operator, a));
    Tensor y = Calls.elementwise(operator, NONE, x);
    return Calls.tracks(x)
        ? Calls.record(y, operator.name(), (grad, g) -> g.give(x, slope.times(grad, x, y)), x)
        : y;
  }

  private static Tensor ofValue(Operator operator, Tensor a, Slope slope) {
    Tensor x = Shaping.dense(Autocast.input(operator, a));
    Tensor y = Calls.elementwise(operator, NONE, x);
    return Calls.tracks(x)
        ? Calls.record(y, operator.name(), (grad, g) -> g.give(x, slope.times(grad, x, y)), y)
        : y;
  }

  /** A function whose derivative is 0 wherever it exists. */
  private static Tensor flat(Operator operator, Tensor a) {
    Tensor x = Shaping.dense(a);
    Tensor y = Calls.elementwise(operator, NONE, x);
    return Calls.tracks(x)
        ? Calls.record(y, operator.name(), (grad, g) -> g.give(x, Tensor.zerosLike(x)))
        : y;
  }

  static Tensor abs(Tensor a) {
    return ofArgument(Operators.ABS, a, (grad, x, y) -> grad.mul(x.sign()));
  }

  static Tensor sign(Tensor a) {
    return flat(Operators.SIGN, a);
  }

  static Tensor floor(Tensor a) {
    return flat(Operators.FLOOR, a);
  }

  static Tensor ceil(Tensor a) {
    return flat(Operators.CEIL, a);
  }

  static Tensor round(Tensor a) {
    return flat(Operators.ROUND, a);
  }

  static Tensor square(Tensor a) {
    return ofArgument(Operators.SQUARE, a, (grad, x, y) -> grad.mul(x).mul(2));
  }

  static Tensor exp(Tensor a) {
    return ofValue(Operators.EXP, a, (grad, x, y) -> grad.mul(y));
  }

  static Tensor expm1(Tensor a) {
    return ofValue(Operators.EXPM1, a, (grad, x, y) -> grad.mul(y.add(1)));
  }

  static Tensor log(Tensor a) {
    return ofArgument(Operators.LOG, a, (grad, x, y) -> grad.div(x));
  }

  static Tensor log1p(Tensor a) {
    return ofArgument(Operators.LOG1P, a, (grad, x, y) -> grad.div(x.add(1)));
  }

  static Tensor sqrt(Tensor a) {
    return ofValue(Operators.SQRT, a, (grad, x, y) -> grad.div(y).mul(0.5));
  }

  static Tensor rsqrt(Tensor a) {
    return ofValue(Operators.RSQRT, a, (grad, x, y) -> grad.mul(pow(y, 3)).mul(-0.5));
  }

  static Tensor reciprocal(Tensor a) {
    return ofValue(Operators.RECIPROCAL, a, (grad, x, y) -> grad.mul(y.square()).neg());
  }

  static Tensor sin(Tensor a) {
    return ofArgument(Operators.SIN, a, (grad, x, y) -> grad.mul(x.cos()));
  }

  static Tensor cos(Tensor a) {
    return ofArgument(Operators.COS, a, (grad, x, y) -> grad.mul(x.sin()).neg());
  }

  static Tensor erf(Tensor a) {
    return ofArgument(
        Operators.ERF, a, (grad, x, y) -> grad.mul(x.square().neg().exp()).mul(TWO_OVER_SQRT_PI));
  }

  static Tensor tanh(Tensor a) {
    return ofValue(
        Operators.TANH,
        a,
        (grad, x, y) -> Calls.elementwise(Operators.TANH_BACKWARD, NONE, grad, y));
  }

  static Tensor sigmoid(Tensor a) {
    return ofValue(
        Operators.SIGMOID,
        a,
        (grad, x, y) -> Calls.elementwise(Operators.SIGMOID_BACKWARD, NONE, grad, y));
  }

  static Tensor relu(Tensor a) {
    return ofValue(
        Operators.RELU,
        a,
        (grad, x, y) -> Calls.elementwise(Operators.RELU_BACKWARD, NONE, grad, y));
  }

  static Tensor gelu(Tensor a, boolean tanhApproximation) {
    Tensor x = Shaping.dense(a);
    Tensor y = Calls.elementwise(Operators.GELU, tanhApproximation, x);
    return Calls.tracks(x)
        ? Calls.record(
            y,
            "gelu",
            (grad, g) ->
                g.give(x, Calls.elementwise(Operators.GELU_BACKWARD, tanhApproximation, grad, x)),
            x)
        : y;
  }

  private static final double GELU_CUBIC = 0.044715;
  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

  static Tensor composedGelu(OpCall call, Tensor... in) {
    Tensor x = in[0];
    Tensor inner =
        call.attributes(Boolean.class) ? geluInner(x).tanh() : x.mul(Math.sqrt(0.5)).erf();
    return x.mul(inner.add(1)).mul(0.5);
  }

  private static Tensor geluInner(Tensor x) {
    return x.add(x.pow(3).mul(GELU_CUBIC)).mul(SQRT_2_OVER_PI);
  }

  static Tensor composedGeluBackward(OpCall call, Tensor... in) {
    Tensor x = in[1];
    if (call.attributes(Boolean.class)) {
      Tensor t = geluInner(x).tanh();
      Tensor inner = affine(x.square(), 3 * GELU_CUBIC * SQRT_2_OVER_PI, SQRT_2_OVER_PI);
      Tensor slope = t.add(1).add(x.mul(affine(t.square(), -1, 1)).mul(inner));
      return in[0].mul(slope).mul(0.5);
    }
    Tensor cumulative = affine(x.mul(Math.sqrt(0.5)).erf(), 0.5, 0.5);
    Tensor density = x.square().mul(-0.5).exp().mul(SQRT_2_OVER_PI / 2);
    return in[0].mul(cumulative.add(x.mul(density)));
  }

  static Tensor cast(Tensor a, DType dtype) {
    if (a.dtype() == dtype) {
      return a;
    }
    Tensor x = Shaping.dense(a);
    Tensor out = Calls.elementwise(Operators.CAST, dtype, x);
    return dtype.isFloating() && Calls.tracks(x)
        ? Calls.record(out, "cast", (grad, g) -> g.give(x, cast(grad, x.dtype())))
        : out;
  }
}
