package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.OptimizerOperators;
import java.nio.FloatBuffer;

/** {@link OptimizerOperators#LARS_STEP}: the norms first, then a step of SGD. */
final class LarsKernel implements Kernel, Parallel.Range {
  private final OpCall call;
  private final OptimizerStepKernels step;
  private final FloatBuffer gradient;
  private final FloatBuffer value;
  private final SquareSums gradients;
  private final SquareSums values;

  LarsKernel(OpCall call) {
    this.call = call;
    this.step = OptimizerStepKernels.of(call, StepFormulas.sgd(call));
    this.gradient = Memory.floats(call.input(0));
    this.value = Memory.floats(call.output(0));
    this.gradients = new SquareSums(value.limit(), 1);
    this.values = new SquareSums(value.limit(), 1);
  }

  @Override
  public void run() {
    double trust = call.scalar(7);
    if (trust == 0) {
      step.run();
      return;
    }
    gradients.clear();
    values.clear();
    Parallel.run(value.limit(), this);
    double valueNorm = values.norm();
    double gradientNorm = gradients.norm();
    double ratio =
        valueNorm == 0 || gradientNorm == 0
            ? 1
            : trust * valueNorm / (gradientNorm + call.scalar(1) * valueNorm + call.scalar(8));
    step.run(ratio);
  }

  @Override
  public void run(int from, int to, Scratch s) {
    int piece = Parallel.piece(from, 1);
    for (int i = from; i < to; i += Scratch.BLOCK) {
      int n = Math.min(Scratch.BLOCK, to - i);
      value.get(i, s.a, 0, n);
      gradient.get(i, s.b, 0, n);
      values.add(piece, SquareSums.of(s.a, n, s.c));
      gradients.add(piece, SquareSums.of(s.b, n, s.c));
    }
  }
}
