package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.nio.FloatBuffer;

/** Optimizer steps over flat memory: every value is read and written once. */
final class OptimizerStepKernels {
  private OptimizerStepKernels() {}

  static Kernel sgd(OpCall call) {
    FloatBuffer grad = Memory.floats(call.input(0));
    FloatBuffer value = Memory.floats(call.output(0));
    FloatBuffer moment = Memory.floats(call.output(1));
    Scratch s = Scratch.current();
    return () -> {
      float learningRate = (float) call.scalar(0);
      float momentum = (float) call.scalar(1);
      float undamped = (float) (1 - call.scalar(2));
      float weightDecay = (float) call.scalar(3);
      boolean nesterov = call.scalar(4) != 0;
      boolean first = call.scalar(5) != 0;
      int elements = value.limit();
      for (int i = 0; i < elements; i += Scratch.BLOCK) {
        int n = Math.min(Scratch.BLOCK, elements - i);
        value.get(i, s.a, 0, n);
        grad.get(i, s.b, 0, n);
        if (weightDecay != 0) {
          addScaled(s.b, s.a, weightDecay, n);
        }
        if (momentum != 0) {
          moment.get(i, s.c, 0, n);
          if (first) {
            System.arraycopy(s.b, 0, s.c, 0, n);
          } else {
            momentum(s.c, s.b, momentum, undamped, n);
          }
          moment.put(i, s.c, 0, n);
          if (nesterov) {
            addScaled(s.b, s.c, momentum, n);
          }
        }
        addScaled(s.a, momentum != 0 && !nesterov ? s.c : s.b, -learningRate, n);
        value.put(i, s.a, 0, n);
      }
    };
  }

  private static void addScaled(float[] y, float[] x, float factor, int n) {
    for (int i = 0; i < n; i++) {
      y[i] += factor * x[i];
    }
  }

  private static void momentum(float[] m, float[] d, float momentum, float undamped, int n) {
    for (int i = 0; i < n; i++) {
      m[i] = momentum * m[i] + undamped * d[i];
    }
  }

  static Kernel adam(OpCall call) {
    FloatBuffer grad = Memory.floats(call.input(0));
    FloatBuffer value = Memory.floats(call.output(0));
    FloatBuffer first = Memory.floats(call.output(1));
    FloatBuffer second = Memory.floats(call.output(2));
    return () -> {
      double learningRate = call.scalar(0);
      float beta1 = (float) call.scalar(1);
      float beta2 = (float) call.scalar(2);
      float rest1 = (float) (1 - call.scalar(1));
      float rest2 = (float) (1 - call.scalar(2));
      float epsilon = (float) call.scalar(3);
      double weightDecay = call.scalar(4);
      boolean decoupled = call.scalar(5) != 0;
      float shrink = decoupled ? (float) (1 - learningRate * weightDecay) : 1;
      float decay = decoupled ? 0 : (float) weightDecay;
      float step = (float) (learningRate / call.scalar(6));
      float root = (float) (1 / Math.sqrt(call.scalar(7)));
      Parallel.run(
          value.limit(),
          (from, to, s) -> {
            for (int i = from; i < to; i += Scratch.BLOCK) {
              int n = Math.min(Scratch.BLOCK, to - i);
              value.get(i, s.a, 0, n);
              grad.get(i, s.b, 0, n);
              first.get(i, s.c, 0, n);
              second.get(i, s.d, 0, n);
              update(s, n, beta1, rest1, beta2, rest2, shrink, decay, step, root, epsilon);
              value.put(i, s.a, 0, n);
              first.put(i, s.c, 0, n);
              second.put(i, s.d, 0, n);
            }
          });
    };
  }

  /** One pass for both moments and the value: the memory is what takes the time. */
  private static void update(
      Scratch scratch,
      int n,
      float beta1,
      float rest1,
      float beta2,
      float rest2,
      float shrink,
      float decay,
      float step,
      float root,
      float epsilon) {
    float[] p = scratch.a;
    float[] g = scratch.b;
    float[] m = scratch.c;
    float[] v = scratch.d;
    for (int i = 0; i < n; i++) {
      float x = g[i] + decay * p[i];
      float moment = beta1 * m[i] + rest1 * x;
      float square = beta2 * v[i] + rest2 * x * x;
      m[i] = moment;
      v[i] = square;
      p[i] = p[i] * shrink - step * moment / ((float) Math.sqrt(square) * root + epsilon);
    }
  }
}
