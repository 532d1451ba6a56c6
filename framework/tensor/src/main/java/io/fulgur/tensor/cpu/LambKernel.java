package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.OptimizerOperators;
import java.nio.FloatBuffer;

/**
 * {@link OptimizerOperators#LAMB_STEP}: a pass for the moments and the norms, and one for the
 * values. The update is computed in both, which is cheaper than to keep it in memory.
 */
final class LambKernel implements Kernel {
  private final OpCall call;
  private final FloatBuffer gradient;
  private final FloatBuffer value;
  private final FloatBuffer first;
  private final FloatBuffer second;
  private final SquareSums values;
  private final SquareSums updates;
  private float gradientFactor;
  private float penalty;
  private float beta1;
  private float rest1;
  private float beta2;
  private float rest2;
  private float momentFactor;
  private float root;
  private float epsilon;
  private float decay;
  private float rate;

  LambKernel(OpCall call) {
    this.call = call;
    this.gradient = Memory.floats(call.input(0));
    this.value = Memory.floats(call.output(0));
    this.first = Memory.floats(call.output(1));
    this.second = Memory.floats(call.output(2));
    this.values = new SquareSums(value.limit(), 1);
    this.updates = new SquareSums(value.limit(), 1);
  }

  @Override
  public void run() {
    gradientFactor = (float) call.scalar(0);
    penalty = (float) call.scalar(1);
    beta1 = (float) call.scalar(3);
    rest1 = (float) (1 - call.scalar(3));
    beta2 = (float) call.scalar(4);
    rest2 = (float) (1 - call.scalar(4));
    momentFactor = (float) call.scalar(5);
    root = (float) call.scalar(6);
    epsilon = (float) call.scalar(7);
    decay = (float) call.scalar(8);
    values.clear();
    updates.clear();
    Parallel.run(value.limit(), this::moments);
    double valueNorm = values.norm();
    double updateNorm = updates.norm();
    double ratio = valueNorm == 0 || updateNorm == 0 ? 1 : valueNorm / updateNorm;
    rate = (float) (call.scalar(2) * ratio);
    Parallel.run(value.limit(), this::descend);
  }

  private void moments(int from, int to, Scratch s) {
    int piece = Parallel.piece(from, 1);
    for (int i = from; i < to; i += Scratch.BLOCK) {
      int n = Math.min(Scratch.BLOCK, to - i);
      value.get(i, s.a, 0, n);
      gradient.get(i, s.b, 0, n);
      first.get(i, s.c, 0, n);
      second.get(i, s.d, 0, n);
      OptimizerStepKernels.prepare(s.b, s.a, gradientFactor, penalty, n);
      moments(s.b, s.c, s.d, beta1, rest1, beta2, rest2, n);
      first.put(i, s.c, 0, n);
      second.put(i, s.d, 0, n);
      values.add(piece, SquareSums.of(s.a, n, s.e));
      update(s.a, s.c, s.d, n);
      updates.add(piece, SquareSums.of(s.c, n, s.e));
    }
  }

  private static void moments(
      float[] g, float[] m, float[] v, float beta1, float rest1, float beta2, float rest2, int n) {
    for (int i = 0; i < n; i++) {
      float x = g[i];
      m[i] = beta1 * m[i] + rest1 * x;
      v[i] = beta2 * v[i] + rest2 * x * x;
    }
  }

  /** Turns the first moment into the update. */
  private void update(float[] p, float[] m, float[] v, int n) {
    float momentFactor = this.momentFactor;
    float root = this.root;
    float epsilon = this.epsilon;
    float decay = this.decay;
    for (int i = 0; i < n; i++) {
      m[i] = momentFactor * m[i] / ((float) Math.sqrt(v[i]) * root + epsilon) + decay * p[i];
    }
  }

  private void descend(int from, int to, Scratch s) {
    float rate = this.rate;
    for (int i = from; i < to; i += Scratch.BLOCK) {
      int n = Math.min(Scratch.BLOCK, to - i);
      value.get(i, s.a, 0, n);
      first.get(i, s.c, 0, n);
      second.get(i, s.d, 0, n);
      update(s.a, s.c, s.d, n);
      for (int k = 0; k < n; k++) {
        s.a[k] -= rate * s.c[k];
      }
      value.put(i, s.a, 0, n);
    }
  }
}
