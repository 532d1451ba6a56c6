package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.OptimizerOperators;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * Optimizer steps over flat memory: every value is read and written once, a block at a time.
 *
 * <p>Memory is what takes the time, not arithmetic, so a formula has one loop over its block for
 * everything, and the preparation of the gradient, which most steps do without, has its own.
 */
final class OptimizerStepKernels implements Kernel, Parallel.Range {
  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(OptimizerOperators.SGD_STEP, call -> of(call, StepFormulas.sgd(call))),
          entry(OptimizerOperators.ADAM_STEP, call -> of(call, StepFormulas.adam(call))),
          entry(OptimizerOperators.RMSPROP_STEP, call -> of(call, StepFormulas.rmsProp(call))),
          entry(OptimizerOperators.ADAGRAD_STEP, call -> of(call, StepFormulas::adagrad)),
          entry(OptimizerOperators.ADADELTA_STEP, call -> of(call, StepFormulas::adadelta)),
          entry(OptimizerOperators.LION_STEP, call -> of(call, StepFormulas::lion)),
          entry(OptimizerOperators.LARS_STEP, LarsKernel::new),
          entry(OptimizerOperators.LAMB_STEP, LambKernel::new),
          entry(OptimizerOperators.ADAFACTOR_STEP, AdafactorKernel::of));

  private final OpCall call;
  private final StepFormula formula;
  private final FloatBuffer gradient;
  private final FloatBuffer[] changed;
  private float gradientFactor;
  private float penalty;

  private OptimizerStepKernels(OpCall call, StepFormula formula) {
    this.call = call;
    this.formula = formula;
    this.gradient = Memory.floats(call.input(0));
    this.changed = new FloatBuffer[call.outputs()];
    for (int i = 0; i < changed.length; i++) {
      changed[i] = Memory.floats(call.output(i));
    }
  }

  static OptimizerStepKernels of(OpCall call, StepFormula formula) {
    return new OptimizerStepKernels(call, formula);
  }

  @Override
  public void run() {
    run(1);
  }

  /**
   * Runs the step.
   *
   * @param factor by what {@code g}, as {@link OptimizerOperators} define it, is multiplied
   */
  void run(double factor) {
    gradientFactor = (float) (call.scalar(0) * factor);
    penalty = (float) (call.scalar(1) * factor);
    Parallel.run(changed[0].limit(), this);
  }

  @Override
  public void run(int from, int to, Scratch s) {
    for (int i = from; i < to; i += Scratch.BLOCK) {
      int n = Math.min(Scratch.BLOCK, to - i);
      for (int k = 0; k < changed.length; k++) {
        changed[k].get(i, array(s, k), 0, n);
      }
      gradient.get(i, s.b, 0, n);
      if (gradientFactor != 1 || penalty != 0) {
        prepare(s.b, s.a, gradientFactor, penalty, n);
      }
      formula.apply(call, s.a, s.b, s.c, s.d, s.e, n);
      for (int k = 0; k < changed.length; k++) {
        changed[k].put(i, array(s, k), 0, n);
      }
    }
  }

  private static float[] array(Scratch s, int changed) {
    return switch (changed) {
      case 0 -> s.a;
      case 1 -> s.c;
      case 2 -> s.d;
      default -> s.e;
    };
  }

  static void prepare(float[] g, float[] p, float factor, float penalty, int n) {
    for (int i = 0; i < n; i++) {
      g[i] = factor * g[i] + penalty * p[i];
    }
  }
}
