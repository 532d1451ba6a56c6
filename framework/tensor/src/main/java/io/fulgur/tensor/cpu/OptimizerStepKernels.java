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
    Scratch s = Scratch.current();
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
      int elements = value.limit();
      for (int i = 0; i < elements; i += Scratch.BLOCK) {
        int n = Math.min(Scratch.BLOCK, elements - i);
        value.get(i, s.a, 0, n);
        grad.get(i, s.b, 0, n);
        first.get(i, s.c, 0, n);
        second.get(i, s.d, 0, n);
        if (decay != 0) {
          addScaled(s.b, s.a, decay, n);
        }
        moments(s.b, s.c, s.d, beta1, rest1, beta2, rest2, n);
        descend(s.a, s.c, s.d, shrink, step, root, epsilon, n);
        value.put(i, s.a, 0, n);
        first.put(i, s.c, 0, n);
        second.put(i, s.d, 0, n);
      }
    };
  }

  private static void moments(
      float[] g, float[] m, float[] v, float b1, float r1, float b2, float r2, int n) {
    for (int i = 0; i < n; i++) {
      float x = g[i];
      m[i] = b1 * m[i] + r1 * x;
      v[i] = b2 * v[i] + r2 * x * x;
    }
  }

  private static void descend(
      float[] p, float[] m, float[] v, float shrink, float step, float root, float eps, int n) {
    for (int i = 0; i < n; i++) {
      p[i] = p[i] * shrink - step * m[i] / ((float) Math.sqrt(v[i]) * root + eps);
    }
  }
}
