package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.OptimizerOperators;
import java.nio.FloatBuffer;

/**
 * {@link OptimizerOperators#ADAFACTOR_STEP}: a pass for the second moment, one for the size of the
 * update, and one for the values. How the second moment is kept is the subclass's.
 */
abstract class AdafactorKernel implements Kernel {
  final OpCall call;
  private final FloatBuffer gradient;
  private final FloatBuffer value;
  private final FloatBuffer momentum;
  private final boolean hasMomentum;
  private final int elements;
  private final SquareSums values;
  private final SquareSums updates;
  private float rate;
  private float beta1;
  private float rest1;
  private float decay;

  AdafactorKernel(OpCall call, boolean hasMomentum) {
    this.call = call;
    this.gradient = Memory.floats(call.input(0));
    this.value = Memory.floats(call.output(0));
    this.momentum = Memory.floats(call.output(call.outputs() - 1));
    this.hasMomentum = hasMomentum;
    this.elements = value.limit();
    this.values = new SquareSums(elements, 1);
    this.updates = new SquareSums(elements, 1);
  }

  static Kernel of(OpCall call) {
    var keeps = call.attributes(OptimizerOperators.Adafactor.class);
    return keeps.factored()
        ? new FactoredAdafactor(call, keeps.momentum())
        : new PlainAdafactor(call, keeps.momentum());
  }

  /** Moves the second moment towards the squares of the gradient. */
  abstract void average();

  /**
   * Divides a block of the gradient by the root of the second moment.
   *
   * @param at where the block begins
   * @param scratch may be overwritten
   */
  abstract void normalize(int at, float[] g, float[] scratch, int n);

  /** Reads a block of the gradient, as {@link OptimizerOperators} define it. */
  final void read(int at, float[] g, float[] scratch, int n) {
    gradient.get(at, g, 0, n);
    float factor = (float) call.scalar(0);
    float penalty = (float) call.scalar(1);
    if (factor != 1 || penalty != 0) {
      value.get(at, scratch, 0, n);
      OptimizerStepKernels.prepare(g, scratch, factor, penalty, n);
    }
  }

  @Override
  public final void run() {
    average();
    values.clear();
    updates.clear();
    Parallel.run(elements, this::measure);
    double wide = call.scalar(2);
    if (call.scalar(7) != 0) {
      wide *= Math.max(call.scalar(5), values.norm() / Math.sqrt(elements));
    }
    double size = updates.norm() / Math.sqrt(elements);
    rate = (float) (wide / Math.max(1, size / call.scalar(6)));
    decay = (float) (1 - call.scalar(9) * wide);
    beta1 = (float) call.scalar(8);
    rest1 = (float) (1 - call.scalar(8));
    Parallel.run(elements, this::descend);
  }

  private void measure(int from, int to, Scratch s) {
    int piece = Parallel.piece(from, 1);
    for (int i = from; i < to; i += Scratch.BLOCK) {
      int n = Math.min(Scratch.BLOCK, to - i);
      read(i, s.b, s.a, n);
      normalize(i, s.b, s.c, n);
      updates.add(piece, SquareSums.of(s.b, n, s.d));
      value.get(i, s.a, 0, n);
      values.add(piece, SquareSums.of(s.a, n, s.d));
    }
  }

  private void descend(int from, int to, Scratch s) {
    for (int i = from; i < to; i += Scratch.BLOCK) {
      int n = Math.min(Scratch.BLOCK, to - i);
      read(i, s.b, s.a, n);
      normalize(i, s.b, s.c, n);
      scale(s.b, rate, n);
      if (hasMomentum) {
        momentum.get(i, s.d, 0, n);
        average(s.d, s.b, beta1, rest1, n);
        momentum.put(i, s.d, 0, n);
      }
      value.get(i, s.a, 0, n);
      descend(s.a, hasMomentum ? s.d : s.b, decay, n);
      value.put(i, s.a, 0, n);
    }
  }

  private static void scale(float[] x, float factor, int n) {
    for (int i = 0; i < n; i++) {
      x[i] *= factor;
    }
  }

  static void average(float[] state, float[] next, float keep, float rest, int n) {
    for (int i = 0; i < n; i++) {
      state[i] = keep * state[i] + rest * next[i];
    }
  }

  private static void descend(float[] p, float[] u, float decay, int n) {
    for (int i = 0; i < n; i++) {
      p[i] = p[i] * decay - u[i];
    }
  }
}
