package io.fulgur.tensor.cpu;

import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.OptimizerOperators;

/** The formulas of {@link OptimizerOperators} for each element on its own. */
final class StepFormulas {
  private StepFormulas() {}

  static final class Sgd implements StepFormula {
    private final boolean hasMomentum;
    private float learningRate;
    private float momentum;
    private float undamped;
    private boolean nesterov;
    private boolean first;

    Sgd(OpCall call) {
      hasMomentum = call.outputs() > 1;
    }

    @Override
    public void read(OpCall call) {
      learningRate = (float) call.scalar(2);
      momentum = (float) call.scalar(3);
      undamped = (float) (1 - call.scalar(4));
      nesterov = call.scalar(5) != 0;
      first = call.scalar(6) != 0;
    }

    @Override
    public void apply(float[] p, float[] g, float[] m, float[] unused, float[] unused2, int n) {
      if (!hasMomentum) {
        addScaled(p, g, -learningRate, n);
        return;
      }
      if (first) {
        System.arraycopy(g, 0, m, 0, n);
      } else {
        momentum(m, g, momentum, undamped, n);
      }
      if (nesterov) {
        addScaled(g, m, momentum, n);
      }
      addScaled(p, nesterov ? g : m, -learningRate, n);
    }

    private static void momentum(float[] m, float[] g, float momentum, float undamped, int n) {
      for (int i = 0; i < n; i++) {
        m[i] = momentum * m[i] + undamped * g[i];
      }
    }

    private static void addScaled(float[] y, float[] x, float factor, int n) {
      for (int i = 0; i < n; i++) {
        y[i] += factor * x[i];
      }
    }
  }

  static final class Adam implements StepFormula {
    private final boolean keepsLargest;
    private float shrink;
    private float beta1;
    private float rest1;
    private float beta2;
    private float rest2;
    private float gradientStep;
    private float momentStep;
    private float root;
    private float epsilon;

    Adam(OpCall call) {
      keepsLargest = call.outputs() > 3;
    }

    @Override
    public void read(OpCall call) {
      shrink = (float) call.scalar(2);
      beta1 = (float) call.scalar(3);
      rest1 = (float) (1 - call.scalar(3));
      beta2 = (float) call.scalar(4);
      rest2 = (float) (1 - call.scalar(4));
      gradientStep = (float) call.scalar(5);
      momentStep = (float) call.scalar(6);
      root = (float) call.scalar(7);
      epsilon = (float) call.scalar(8);
    }

    @Override
    public void apply(float[] p, float[] g, float[] m, float[] v, float[] largest, int n) {
      if (keepsLargest) {
        applyLargest(p, g, m, v, largest, n);
      } else {
        applyPlain(p, g, m, v, n);
      }
    }

    private void applyPlain(float[] p, float[] g, float[] m, float[] v, int n) {
      float shrink = this.shrink;
      float beta1 = this.beta1;
      float rest1 = this.rest1;
      float beta2 = this.beta2;
      float rest2 = this.rest2;
      float gradientStep = this.gradientStep;
      float momentStep = this.momentStep;
      float root = this.root;
      float epsilon = this.epsilon;
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

    private void applyLargest(float[] p, float[] g, float[] m, float[] v, float[] largest, int n) {
      float shrink = this.shrink;
      float beta1 = this.beta1;
      float rest1 = this.rest1;
      float beta2 = this.beta2;
      float rest2 = this.rest2;
      float gradientStep = this.gradientStep;
      float momentStep = this.momentStep;
      float root = this.root;
      float epsilon = this.epsilon;
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
  }

  static final class RmsProp implements StepFormula {
    private final boolean centered;
    private final boolean hasMomentum;
    private float learningRate;
    private float alpha;
    private float rest;
    private float epsilon;
    private float momentum;

    RmsProp(OpCall call) {
      OptimizerOperators.RmsProp keeps = call.attributes(OptimizerOperators.RmsProp.class);
      centered = keeps.centered();
      hasMomentum = keeps.momentum();
    }

    @Override
    public void read(OpCall call) {
      learningRate = (float) call.scalar(2);
      alpha = (float) call.scalar(3);
      rest = (float) (1 - call.scalar(3));
      epsilon = (float) call.scalar(4);
      momentum = (float) call.scalar(5);
    }

    @Override
    public void apply(float[] p, float[] g, float[] v, float[] t, float[] u, int n) {
      if (centered) {
        centered(g, v, t, alpha, rest, epsilon, n);
      } else {
        plain(g, v, alpha, rest, epsilon, n);
      }
      if (hasMomentum) {
        descend(p, g, centered ? u : t, momentum, learningRate, n);
      } else {
        Sgd.addScaled(p, g, -learningRate, n);
      }
    }

    private static void plain(float[] g, float[] v, float alpha, float rest, float epsilon, int n) {
      for (int i = 0; i < n; i++) {
        float x = g[i];
        float square = alpha * v[i] + rest * x * x;
        v[i] = square;
        g[i] = x / ((float) Math.sqrt(square) + epsilon);
      }
    }

    private static void centered(
        float[] g, float[] v, float[] mean, float alpha, float rest, float epsilon, int n) {
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
  }

  static final class Adagrad implements StepFormula {
    private float learningRate;
    private float epsilon;
    private float initial;

    @Override
    public void read(OpCall call) {
      learningRate = (float) call.scalar(2);
      epsilon = (float) call.scalar(3);
      initial = (float) call.scalar(4);
    }

    @Override
    public void apply(float[] p, float[] g, float[] sums, float[] t, float[] u, int n) {
      float learningRate = this.learningRate;
      float epsilon = this.epsilon;
      float initial = this.initial;
      for (int i = 0; i < n; i++) {
        float x = g[i];
        float sum = sums[i] + initial + x * x;
        sums[i] = sum;
        p[i] -= learningRate * x / ((float) Math.sqrt(sum) + epsilon);
      }
    }
  }

  static final class Adadelta implements StepFormula {
    private float learningRate;
    private float rho;
    private float rest;
    private float epsilon;

    @Override
    public void read(OpCall call) {
      learningRate = (float) call.scalar(2);
      rho = (float) call.scalar(3);
      rest = (float) (1 - call.scalar(3));
      epsilon = (float) call.scalar(4);
    }

    @Override
    public void apply(float[] p, float[] g, float[] squares, float[] updates, float[] u, int n) {
      float learningRate = this.learningRate;
      float rho = this.rho;
      float rest = this.rest;
      float epsilon = this.epsilon;
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
  }

  static final class Lion implements StepFormula {
    /** Twice this makes any number but 0 larger than 1. */
    private static final float HUGE = 1e30f;

    private float learningRate;
    private float beta1;
    private float rest1;
    private float beta2;
    private float rest2;
    private float shrink;

    @Override
    public void read(OpCall call) {
      learningRate = (float) call.scalar(2);
      beta1 = (float) call.scalar(3);
      rest1 = (float) (1 - call.scalar(3));
      beta2 = (float) call.scalar(4);
      rest2 = (float) (1 - call.scalar(4));
      shrink = (float) call.scalar(5);
    }

    @Override
    public void apply(float[] p, float[] g, float[] m, float[] t, float[] u, int n) {
      float learningRate = this.learningRate;
      float beta1 = this.beta1;
      float rest1 = this.rest1;
      float beta2 = this.beta2;
      float rest2 = this.rest2;
      float shrink = this.shrink;
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
}
