package io.fulgur.tensor.cpu;

import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.OptimizerOperators;

/**
 * The formulas of {@link OptimizerOperators} for each element on its own. Scalars are local
 * variables of a formula: HotSpot would read fields again in each round of its loop.
 */
final class StepFormulas {
  /** Twice this makes any number but 0 larger than 1. */
  private static final float HUGE = 1e30f;

  private StepFormulas() {}

  private static float scalar(OpCall call, int index) {
    return (float) call.scalar(index);
  }

  /** Returns {@code 1 - scalar}. */
  private static float rest(OpCall call, int index) {
    return (float) (1 - call.scalar(index));
  }

  static StepFormula sgd(OpCall of) {
    return of.outputs() > 1
        ? StepFormulas::momentum
        : (call, p, g, s, t, u, n) -> addScaled(p, g, -scalar(call, 2), n);
  }

  private static void momentum(
      OpCall call, float[] p, float[] g, float[] m, float[] t, float[] u, int n) {
    float learningRate = scalar(call, 2);
    float momentum = scalar(call, 3);
    boolean nesterov = call.scalar(5) != 0;
    boolean first = call.scalar(6) != 0;
    if (first) {
      System.arraycopy(g, 0, m, 0, n);
    } else {
      average(m, g, momentum, rest(call, 4), n);
    }
    if (nesterov) {
      addScaled(g, m, momentum, n);
    }
    addScaled(p, nesterov ? g : m, -learningRate, n);
  }

  private static void average(float[] m, float[] g, float momentum, float undamped, int n) {
    for (int i = 0; i < n; i++) {
      m[i] = momentum * m[i] + undamped * g[i];
    }
  }

  private static void addScaled(float[] y, float[] x, float factor, int n) {
    for (int i = 0; i < n; i++) {
      y[i] += factor * x[i];
    }
  }

  static StepFormula adam(OpCall of) {
    return of.outputs() > 3 ? StepFormulas::amsgrad : StepFormulas::plainAdam;
  }

  private static void plainAdam(
      OpCall call, float[] p, float[] g, float[] m, float[] v, float[] u, int n) {
    float shrink = scalar(call, 2);
    float beta1 = scalar(call, 3);
    float rest1 = rest(call, 3);
    float beta2 = scalar(call, 4);
    float rest2 = rest(call, 4);
    float gradientStep = scalar(call, 5);
    float momentStep = scalar(call, 6);
    float root = scalar(call, 7);
    float epsilon = scalar(call, 8);
    for (int i = 0; i < n; i++) {
      float x = g[i];
      float moment = beta1 * m[i] + rest1 * x;
      float square = beta2 * v[i] + rest2 * x * x;
      m[i] = moment;
      v[i] = square;
      float step = gradientStep * x + momentStep * moment;
      p[i] = p[i] * shrink - step / ((float) Math.sqrt(square) * root + epsilon);
    }
  }

  private static void amsgrad(
      OpCall call, float[] p, float[] g, float[] m, float[] v, float[] largest, int n) {
    float shrink = scalar(call, 2);
    float beta1 = scalar(call, 3);
    float rest1 = rest(call, 3);
    float beta2 = scalar(call, 4);
    float rest2 = rest(call, 4);
    float gradientStep = scalar(call, 5);
    float momentStep = scalar(call, 6);
    float root = scalar(call, 7);
    float epsilon = scalar(call, 8);
    for (int i = 0; i < n; i++) {
      float x = g[i];
      float moment = beta1 * m[i] + rest1 * x;
      float square = beta2 * v[i] + rest2 * x * x;
      float most = Math.max(largest[i], square);
      m[i] = moment;
      v[i] = square;
      largest[i] = most;
      float step = gradientStep * x + momentStep * moment;
      p[i] = p[i] * shrink - step / ((float) Math.sqrt(most) * root + epsilon);
    }
  }

  static StepFormula rmsProp(OpCall of) {
    OptimizerOperators.RmsProp keeps = of.attributes(OptimizerOperators.RmsProp.class);
    StepFormula scale = keeps.centered() ? StepFormulas::centered : StepFormulas::plainRmsProp;
    return (call, p, g, v, t, u, n) -> {
      scale.apply(call, p, g, v, t, u, n);
      if (keeps.momentum()) {
        descend(p, g, keeps.centered() ? u : t, scalar(call, 5), scalar(call, 2), n);
      } else {
        addScaled(p, g, -scalar(call, 2), n);
      }
    };
  }

  private static void plainRmsProp(
      OpCall call, float[] p, float[] g, float[] v, float[] t, float[] u, int n) {
    float alpha = scalar(call, 3);
    float rest = rest(call, 3);
    float epsilon = scalar(call, 4);
    for (int i = 0; i < n; i++) {
      float x = g[i];
      float square = alpha * v[i] + rest * x * x;
      v[i] = square;
      g[i] = x / ((float) Math.sqrt(square) + epsilon);
    }
  }

  private static void centered(
      OpCall call, float[] p, float[] g, float[] v, float[] mean, float[] u, int n) {
    float alpha = scalar(call, 3);
    float rest = rest(call, 3);
    float epsilon = scalar(call, 4);
    for (int i = 0; i < n; i++) {
      float x = g[i];
      float square = alpha * v[i] + rest * x * x;
      float average = alpha * mean[i] + rest * x;
      v[i] = square;
      mean[i] = average;
      // Rounding may bring the variance below 0.
      float variance = Math.max(0, square - average * average);
      g[i] = x / ((float) Math.sqrt(variance) + epsilon);
    }
  }

  private static void descend(
      float[] p, float[] g, float[] m, float momentum, float learningRate, int n) {
    for (int i = 0; i < n; i++) {
      float moment = momentum * m[i] + g[i];
      m[i] = moment;
      p[i] -= learningRate * moment;
    }
  }

  static void adagrad(
      OpCall call, float[] p, float[] g, float[] sums, float[] t, float[] u, int n) {
    float learningRate = scalar(call, 2);
    float epsilon = scalar(call, 3);
    float initial = scalar(call, 4);
    for (int i = 0; i < n; i++) {
      float x = g[i];
      float sum = sums[i] + initial + x * x;
      sums[i] = sum;
      p[i] -= learningRate * x / ((float) Math.sqrt(sum) + epsilon);
    }
  }

  static void adadelta(
      OpCall call, float[] p, float[] g, float[] squares, float[] updates, float[] u, int n) {
    float learningRate = scalar(call, 2);
    float rho = scalar(call, 3);
    float rest = rest(call, 3);
    float epsilon = scalar(call, 4);
    for (int i = 0; i < n; i++) {
      float x = g[i];
      float square = rho * squares[i] + rest * x * x;
      float update = updates[i];
      float step = x * (float) Math.sqrt(update + epsilon) / (float) Math.sqrt(square + epsilon);
      squares[i] = square;
      updates[i] = rho * update + rest * step * step;
      p[i] -= learningRate * step;
    }
  }

  static void lion(OpCall call, float[] p, float[] g, float[] m, float[] t, float[] u, int n) {
    float learningRate = scalar(call, 2);
    float beta1 = scalar(call, 3);
    float rest1 = rest(call, 3);
    float beta2 = scalar(call, 4);
    float rest2 = rest(call, 4);
    float shrink = scalar(call, 5);
    for (int i = 0; i < n; i++) {
      float x = g[i];
      float moment = m[i];
      float direction = beta1 * moment + rest1 * x;
      // The sign, NaN included, in instructions that the compiler has for vectors.
      float sign = Math.max(-1, Math.min(1, direction * HUGE * HUGE));
      p[i] = p[i] * shrink - learningRate * sign;
      m[i] = beta2 * moment + rest2 * x;
    }
  }
}
