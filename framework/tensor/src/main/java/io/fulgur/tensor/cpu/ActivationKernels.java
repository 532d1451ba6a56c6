package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.functional.ActivationOperators;
import java.util.Map;

/**
 * Activation functions that people train with, and their gradients, of single precision and 16
 * bits: one pass over memory, block by block. Each loop is its own method, so that it is
 * vectorised.
 */
final class ActivationKernels {
  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(Operators.RELU_BACKWARD, ActivationKernels::reluBackward),
          entry(Operators.EXP, forward(inPlace(VectorExp::exp))),
          entry(Operators.TANH, forward(inPlace(VectorExp::tanh))),
          entry(Operators.SIGMOID, forward(inPlace(VectorExp::sigmoid))),
          entry(Operators.ERF, forward((call, s, x, y, n) -> erf(x, y, n))),
          entry(Operators.GELU, forward(ActivationKernels::gelu)),
          entry(Operators.GELU_BACKWARD, backward(ActivationKernels::geluBackward)),
          entry(ActivationOperators.LEAKY_RELU, forward(ActivationKernels::leakyRelu)),
          entry(
              ActivationOperators.LEAKY_RELU_BACKWARD,
              backward(ActivationKernels::leakyReluBackward)),
          entry(ActivationOperators.ELU, forward(ActivationKernels::elu)),
          entry(ActivationOperators.ELU_BACKWARD, backward(ActivationKernels::eluBackward)),
          entry(ActivationOperators.SILU, forward(ActivationKernels::silu)),
          entry(ActivationOperators.SILU_BACKWARD, backward(ActivationKernels::siluBackward)),
          entry(ActivationOperators.MISH, forward(ActivationKernels::mish)),
          entry(ActivationOperators.MISH_BACKWARD, backward(ActivationKernels::mishBackward)),
          entry(ActivationOperators.SOFTPLUS, forward(ActivationKernels::softplus)),
          entry(
              ActivationOperators.SOFTPLUS_BACKWARD, backward(ActivationKernels::softplusBackward)),
          entry(
              ActivationOperators.HARDTANH_BACKWARD, backward(ActivationKernels::hardtanhBackward)),
          entry(ActivationOperators.HARDSWISH, forward((call, s, x, y, n) -> hardswish(x, y, n))),
          entry(
              ActivationOperators.HARDSWISH_BACKWARD,
              backward((call, s, g, x, y, n) -> hardswishBackward(g, x, y, n))));

  private static final float CUBIC = 0.044715f;
  private static final float SQRT_2_OVER_PI = 0.7978846f;

  /** Finite, so that 0 times it is 0. */
  private static final float LARGE = Float.MAX_VALUE;

  private static final int INFINITY = 0x7F800000;

  private ActivationKernels() {}

  /** A function of a block. */
  @FunctionalInterface
  private interface Forward {
    void apply(OpCall call, Scratch s, float[] x, float[] y, int n);
  }

  /** A gradient of a block. */
  @FunctionalInterface
  private interface Backward {
    void apply(OpCall call, Scratch s, float[] grad, float[] x, float[] dx, int n);
  }

  /** A function that replaces numbers. */
  @FunctionalInterface
  private interface InPlace {
    void apply(float[] x, int from, int n, Scratch s);
  }

  private static Forward inPlace(InPlace function) {
    return (call, s, x, y, n) -> {
      System.arraycopy(x, 0, y, 0, n);
      function.apply(y, 0, n, s);
    };
  }

  private static void erf(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = VectorMath.erf(x[i]);
    }
  }

  private static KernelFactory forward(Forward function) {
    return call -> {
      Floats x = Floats.of(call.input(0));
      Floats y = Floats.of(call.output(0));
      return () ->
          Parallel.run(
              y.limit(),
              Parallel.SLOW_PIECE,
              (from, to, scratch) -> {
                for (int i = from; i < to; i += Scratch.BLOCK) {
                  int n = Math.min(Scratch.BLOCK, to - i);
                  x.get(i, scratch.a, 0, n);
                  function.apply(call, scratch, scratch.a, scratch.b, n);
                  y.put(i, scratch.b, 0, n);
                }
              });
    };
  }

  private static KernelFactory backward(Backward function) {
    return call -> {
      Floats grad = Floats.of(call.input(0));
      Floats x = Floats.of(call.input(1));
      Floats dx = Floats.of(call.output(0));
      Kernel kernel =
          () ->
              Parallel.run(
                  dx.limit(),
                  Parallel.SLOW_PIECE,
                  (from, to, scratch) -> {
                    for (int i = from; i < to; i += Scratch.BLOCK) {
                      int n = Math.min(Scratch.BLOCK, to - i);
                      grad.get(i, scratch.a, 0, n);
                      x.get(i, scratch.b, 0, n);
                      function.apply(call, scratch, scratch.a, scratch.b, scratch.c, n);
                      dx.put(i, scratch.c, 0, n);
                    }
                  });
      return kernel;
    };
  }

  private static void gelu(OpCall call, Scratch s, float[] x, float[] y, int n) {
    if (call.attributes(Boolean.class)) {
      twiceGeluInner(x, y, n);
      VectorExp.sigmoid(y, 0, n, s);
      multiply(x, y, n);
    } else {
      geluErf(x, y, n);
    }
  }

  private static void geluErf(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = 0.5f * x[i] * (1 + VectorMath.erf(x[i] * VectorMath.SQRT_HALF));
    }
  }

  /** Twice the argument of tanh: {@code (1 + tanh(z)) / 2 = sigmoid(2z)}, exact for negative z. */
  private static void twiceGeluInner(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = 2 * SQRT_2_OVER_PI * (x[i] + CUBIC * x[i] * x[i] * x[i]);
    }
  }

  private static void multiply(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] *= x[i];
    }
  }

  private static void geluBackward(
      OpCall call, Scratch s, float[] grad, float[] x, float[] dx, int n) {
    if (call.attributes(Boolean.class)) {
      twiceGeluInner(x, dx, n);
      VectorExp.sigmoid(dx, 0, n, s);
      geluTanhBackward(grad, x, dx, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      dx[i] = -0.5f * x[i] * x[i];
    }
    VectorExp.exp(dx, 0, n, s);
    geluErfBackward(grad, x, dx, n);
  }

  /** With {@code exp(-x²/2)} in {@code dx}. */
  private static void geluErfBackward(float[] grad, float[] x, float[] dx, int n) {
    for (int i = 0; i < n; i++) {
      float cumulative = 0.5f + 0.5f * VectorMath.erf(x[i] * VectorMath.SQRT_HALF);
      dx[i] = grad[i] * (cumulative + x[i] * (0.5f * SQRT_2_OVER_PI) * dx[i]);
    }
  }

  /** With the sigmoid in {@code dx}. */
  private static void geluTanhBackward(float[] grad, float[] x, float[] dx, int n) {
    for (int i = 0; i < n; i++) {
      float sigmoid = dx[i];
      float slope = 2 * SQRT_2_OVER_PI * (1 + 3 * CUBIC * x[i] * x[i]);
      dx[i] = grad[i] * sigmoid * (1 + x[i] * (1 - sigmoid) * slope);
    }
  }

  private static void leakyRelu(OpCall call, Scratch s, float[] x, float[] y, int n) {
    float slope = (float) call.scalar(0);
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(x[i], 0f) + slope * Math.min(x[i], 0f);
    }
  }

  /** The bits of the gradient where y is not 0 or below, without a branch, as vectors. */
  private static Kernel reluBackward(OpCall call) {
    Floats grad = Floats.of(call.input(0));
    Floats y = Floats.of(call.input(1));
    Floats dx = Floats.of(call.output(0));
    return () ->
        Parallel.run(
            dx.limit(),
            (from, to, s) -> {
              int[] g = s.wideInts(0, Scratch.BLOCK);
              int[] out = s.wideInts(1, Scratch.BLOCK);
              for (int i = from; i < to; i += Scratch.BLOCK) {
                int n = Math.min(Scratch.BLOCK, to - i);
                grad.getBits(i, g, n);
                y.getBits(i, out, n);
                keepPositive(g, out, n);
                dx.putBits(i, g, n);
              }
            });
  }

  private static void keepPositive(int[] g, int[] y, int n) {
    for (int i = 0; i < n; i++) {
      int nan = INFINITY - (y[i] & Integer.MAX_VALUE);
      g[i] &= ((-y[i] & ~y[i]) | nan) >> 31;
    }
  }

  private static void leakyReluBackward(
      OpCall call, Scratch s, float[] grad, float[] x, float[] dx, int n) {
    float slope = (float) call.scalar(0);
    for (int i = 0; i < n; i++) {
      dx[i] = x[i] > 0 ? grad[i] : grad[i] * slope;
    }
  }

  private static void elu(OpCall call, Scratch s, float[] x, float[] y, int n) {
    float negative = (float) (call.scalar(0) * call.scalar(1));
    float scale = (float) call.scalar(1);
    float inputScale = (float) call.scalar(2);
    for (int i = 0; i < n; i++) {
      float below = Math.min(x[i], 0f);
      y[i] = scale * Math.max(x[i], 0f) + negative * VectorMath.expm1(inputScale * below);
    }
  }

  private static void eluBackward(
      OpCall call, Scratch s, float[] grad, float[] x, float[] dx, int n) {
    float slope = (float) (call.scalar(0) * call.scalar(1) * call.scalar(2));
    float scale = (float) call.scalar(1);
    float inputScale = (float) call.scalar(2);
    for (int i = 0; i < n; i++) {
      dx[i] = inputScale * Math.min(x[i], 0f);
    }
    VectorExp.exp(dx, 0, n, s);
    for (int i = 0; i < n; i++) {
      float positive = VectorMath.step(x[i]);
      dx[i] = grad[i] * (scale * positive + slope * dx[i] * (1 - positive));
    }
  }

  private static void scaled(float[] x, float factor, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] * factor;
    }
  }

  private static void silu(OpCall call, Scratch s, float[] x, float[] y, int n) {
    System.arraycopy(x, 0, y, 0, n);
    VectorExp.sigmoid(y, 0, n, s);
    multiply(x, y, n);
  }

  private static void siluBackward(
      OpCall call, Scratch s, float[] grad, float[] x, float[] dx, int n) {
    System.arraycopy(x, 0, dx, 0, n);
    VectorExp.sigmoid(dx, 0, n, s);
    for (int i = 0; i < n; i++) {
      float sigmoid = dx[i];
      dx[i] = grad[i] * sigmoid * (1 + x[i] * (1 - sigmoid));
    }
  }

  /*
   * tanh(log(1 + e)) = (e² + 2e) / (e² + 2e + 2) with e = exp(x); from x = 20 on it is 1.
   */
  private static void mish(OpCall call, Scratch s, float[] x, float[] y, int n) {
    expUpTo20(s, x, y, n);
    for (int i = 0; i < n; i++) {
      float w = y[i] * (y[i] + 2);
      y[i] = x[i] * (w / (w + 2));
    }
  }

  private static void mishBackward(
      OpCall call, Scratch s, float[] grad, float[] x, float[] dx, int n) {
    expUpTo20(s, x, dx, n);
    for (int i = 0; i < n; i++) {
      float e = dx[i];
      float w = e * (e + 2);
      float t = w / (w + 2);
      dx[i] = grad[i] * (t + x[i] * (e / (1 + e)) * (1 - t * t));
    }
  }

  private static void expUpTo20(Scratch s, float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.min(x[i], 20f);
    }
    VectorExp.exp(y, 0, n, s);
  }

  private static void softplus(OpCall call, Scratch s, float[] x, float[] y, int n) {
    float beta = (float) call.scalar(0);
    float threshold = (float) call.scalar(1);
    for (int i = 0; i < n; i++) {
      y[i] = -Math.abs(beta * x[i]);
    }
    VectorExp.exp(y, 0, n, s);
    for (int i = 0; i < n; i++) {
      float scaled = beta * x[i];
      float above = VectorMath.step(scaled - threshold);
      float value = (Math.max(scaled, 0f) + VectorMath.log1p(y[i])) / beta;
      y[i] = above * Math.max(x[i], -LARGE) + (1 - above) * Math.min(value, LARGE);
    }
  }

  private static void softplusBackward(
      OpCall call, Scratch s, float[] grad, float[] x, float[] dx, int n) {
    float beta = (float) call.scalar(0);
    float threshold = (float) call.scalar(1);
    scaled(x, -beta, dx, n);
    VectorExp.exp(dx, 0, n, s);
    for (int i = 0; i < n; i++) {
      float above = VectorMath.step(beta * x[i] - threshold);
      dx[i] = grad[i] * (above + (1 - above) / (1 + dx[i]));
    }
  }

  private static void hardtanhBackward(
      OpCall call, Scratch s, float[] grad, float[] x, float[] dx, int n) {
    float low = (float) call.scalar(0);
    float high = (float) call.scalar(1);
    for (int i = 0; i < n; i++) {
      x[i] = Math.max(low - x[i], x[i] - high);
    }
    keepNegative(grad, x, dx, n, s);
  }

  private static void hardswish(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] * (Math.min(Math.max(x[i] + 3, 0f), 6f) * (1f / 6));
    }
  }

  private static void hardswishBackward(float[] grad, float[] x, float[] dx, int n) {
    for (int i = 0; i < n; i++) {
      float slope = x[i] <= 3 ? x[i] * (1f / 3) + 0.5f : 1;
      dx[i] = x[i] < -3 ? 0 : grad[i] * slope;
    }
  }

  /** Writes values where a test is negative, minus zero included, and zeros elsewhere. */
  private static void keepNegative(float[] values, float[] test, float[] y, int n, Scratch s) {
    int[] signs = s.wideInts(0, Scratch.BLOCK);
    s.asFloats.put(0, test, 0, n);
    s.asInts.get(0, signs, 0, n);
    s.asFloats.put(0, values, 0, n);
    s.asInts.get(0, s.ints, 0, n);
    maskBySign(s.ints, signs, n);
    s.asInts.put(0, s.ints, 0, n);
    s.asFloats.get(0, y, 0, n);
  }

  private static void maskBySign(int[] bits, int[] signs, int n) {
    for (int i = 0; i < n; i++) {
      int nan = INFINITY - (signs[i] & Integer.MAX_VALUE);
      bits[i] &= (signs[i] & ~nan) >> 31;
    }
  }
}
