package io.fulgur.tensor;

import static io.fulgur.tensor.Operators.NONE;

/**
 * The arithmetic of optimizers on runs of a {@link FlatBuffer}.
 *
 * @since 0.1
 */
public final class OptimizerKernels {
  private OptimizerKernels() {}

  /**
   * Updates values by stochastic gradient descent, as {@code torch.optim.SGD}: with {@code d = grad
   * + weightDecay * value}, {@code m = momentum * m + (1 - dampening) * d} (at the first step
   * {@code m = d}), {@code value -= learningRate * (nesterov ? d + momentum * m : m)}; without
   * momentum, {@code value -= learningRate * d}.
   *
   * @param momentumBuffer the run's part of the state; ignored where {@code momentum} is 0
   */
  public static void sgdStep(
      View gradient,
      View value,
      View momentumBuffer,
      double learningRate,
      double momentum,
      double dampening,
      double weightDecay,
      boolean nesterov,
      boolean firstStep) {
    Calls.into(
        Operators.SGD_STEP,
        NONE,
        new View[] {gradient},
        new View[] {value, momentumBuffer},
        learningRate,
        momentum,
        dampening,
        weightDecay,
        nesterov ? 1 : 0,
        firstStep ? 1 : 0);
  }

  static Tensor[] composedSgd(OpCall call, Tensor... in) {
    double momentum = call.scalar(1);
    Tensor p = alias(call.output(0));
    Tensor d = in[0].add(p.mul(call.scalar(3)));
    Tensor update = d;
    if (momentum != 0) {
      Tensor m = alias(call.output(1));
      boolean firstStep = call.scalar(5) != 0;
      m.assign(firstStep ? d : m.mul(momentum).add(d.mul(1 - call.scalar(2))));
      update = call.scalar(4) != 0 ? d.add(m.mul(momentum)) : m;
    }
    p.assign(p.sub(update.mul(call.scalar(0))));
    return Composition.WRITTEN;
  }

  /**
   * Updates values by Adam, as {@code torch.optim.Adam} and {@code AdamW}: {@code m = beta1 * m +
   * (1 - beta1) * g}, {@code v = beta2 * v + (1 - beta2) * g²}, {@code value -= learningRate / (1 -
   * beta1^step) * m / (sqrt(v / (1 - beta2^step)) + epsilon)}. Weight decay is added to the
   * gradient, or, decoupled, shrinks the value by {@code 1 - learningRate * weightDecay} first.
   *
   * @param step the number of this step, from 1
   */
  public static void adamStep(
      View gradient,
      View value,
      View firstMoment,
      View secondMoment,
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      boolean decoupled,
      long step) {
    double correction1 = 1 - Math.pow(beta1, (double) step);
    double correction2 = 1 - Math.pow(beta2, (double) step);
    Calls.into(
        Operators.ADAM_STEP,
        NONE,
        new View[] {gradient},
        new View[] {value, firstMoment, secondMoment},
        learningRate,
        beta1,
        beta2,
        epsilon,
        weightDecay,
        decoupled ? 1 : 0,
        correction1,
        correction2);
  }

  static Tensor[] composedAdam(OpCall call, Tensor... in) {
    double learningRate = call.scalar(0);
    double beta1 = call.scalar(1);
    double beta2 = call.scalar(2);
    double weightDecay = call.scalar(4);
    Tensor p = alias(call.output(0));
    Tensor m = alias(call.output(1));
    Tensor v = alias(call.output(2));
    Tensor g = in[0];
    if (call.scalar(5) != 0) {
      p.assign(p.mul(1 - learningRate * weightDecay));
    } else {
      g = g.add(p.mul(weightDecay));
    }
    m.assign(m.mul(beta1).add(g.mul(1 - beta1)));
    v.assign(v.mul(beta2).add(g.square().mul(1 - beta2)));
    Tensor denominator = v.sqrt().mul(1 / Math.sqrt(call.scalar(7))).add(call.scalar(3));
    p.assign(p.sub(m.div(denominator).mul(learningRate / call.scalar(6))));
    return Composition.WRITTEN;
  }

  /** Returns the sum of squares of a run's gradients, in double precision. */
  public static double sumOfSquares(View gradient) {
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      Tensor squares = alias(gradient).square();
      Tensor sum = squares.sum();
      double result = sum.item();
      squares.release();
      sum.release();
      return result;
    }
  }

  /** Multiplies a run by a number. */
  public static void scale(View run, double factor) {
    Calls.into(Operators.AFFINE, NONE, new View[] {run}, new View[] {run}, factor, 0);
  }

  /** Limits each element of a run to {@code [-limit, limit]}. */
  public static void clamp(View run, double limit) {
    Calls.into(Operators.CLAMP, NONE, new View[] {run}, new View[] {run}, -limit, limit);
  }

  private static Tensor alias(View view) {
    view.storage().retain();
    return new Tensor(view, "FlatBuffer");
  }
}
