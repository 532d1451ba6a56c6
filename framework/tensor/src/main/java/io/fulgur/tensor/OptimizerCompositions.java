package io.fulgur.tensor;

import io.fulgur.tensor.OptimizerOperators.Adafactor;
import io.fulgur.tensor.OptimizerOperators.RmsProp;

/** The {@link OptimizerOperators} in simpler operators: for any type and engine. */
final class OptimizerCompositions {
  private OptimizerCompositions() {}

  private static Tensor output(OpCall call, int index) {
    return OptimizerKernels.alias(call.output(index));
  }

  /** Returns {@code s0 · grad + s1 · value}. */
  private static Tensor gradient(OpCall call, Tensor grad) {
    Tensor g = call.scalar(0) == 1 ? grad : grad.mul(call.scalar(0));
    return call.scalar(1) == 0 ? g : g.add(output(call, 0).mul(call.scalar(1)));
  }

  /** Moves an average towards something new, in place. */
  private static Tensor average(Tensor state, double decay, Tensor next) {
    state.assign(state.mul(decay).add(next.mul(1 - decay)));
    return state;
  }

  private static Tensor[] descend(Tensor value, Tensor step) {
    value.assign(value.sub(step));
    return Composition.WRITTEN;
  }

  private static double norm(Tensor x) {
    return Math.sqrt(x.square().sum().item());
  }

  private static double rootMeanSquare(Tensor x) {
    return norm(x) / Math.sqrt((double) x.elements());
  }

  static Tensor[] sgd(OpCall call, Tensor... in) {
    return sgd(call, gradient(call, in[0]));
  }

  private static Tensor[] sgd(OpCall call, Tensor g) {
    double momentum = call.scalar(3);
    Tensor step = g;
    if (call.outputs() > 1) {
      Tensor m = output(call, 1);
      m.assign(call.scalar(6) != 0 ? g : m.mul(momentum).add(g.mul(1 - call.scalar(4))));
      step = call.scalar(5) != 0 ? g.add(m.mul(momentum)) : m;
    }
    return descend(output(call, 0), step.mul(call.scalar(2)));
  }

  static Tensor[] lars(OpCall call, Tensor... in) {
    Tensor g = gradient(call, in[0]);
    return sgd(call, g.mul(trustRatio(call, norm(output(call, 0)), norm(in[0]))));
  }

  /** Returns what the gradient of {@link OptimizerOperators#LARS_STEP} is multiplied by. */
  private static double trustRatio(OpCall call, double valueNorm, double gradientNorm) {
    double trust = call.scalar(7);
    return trust == 0 || valueNorm == 0 || gradientNorm == 0
        ? 1
        : trust * valueNorm / (gradientNorm + call.scalar(1) * valueNorm + call.scalar(8));
  }

  static Tensor[] adam(OpCall call, Tensor... in) {
    Tensor g = gradient(call, in[0]);
    Tensor p = output(call, 0);
    Tensor m = average(output(call, 1), call.scalar(3), g);
    Tensor v = average(output(call, 2), call.scalar(4), g.square());
    if (call.outputs() > 3) {
      Tensor largest = output(call, 3);
      largest.assign(largest.maximum(v));
      v = largest;
    }
    Tensor numerator = m.mul(call.scalar(6));
    if (call.scalar(5) != 0) {
      numerator = numerator.add(g.mul(call.scalar(5)));
    }
    Tensor step = numerator.div(v.sqrt().mul(call.scalar(7)).add(call.scalar(8)));
    p.assign(p.mul(call.scalar(2)).sub(step));
    return Composition.WRITTEN;
  }

  static Tensor[] lamb(OpCall call, Tensor... in) {
    Tensor g = gradient(call, in[0]);
    Tensor p = output(call, 0);
    Tensor m = average(output(call, 1), call.scalar(3), g);
    Tensor v = average(output(call, 2), call.scalar(4), g.square());
    Tensor u = m.mul(call.scalar(5)).div(v.sqrt().mul(call.scalar(6)).add(call.scalar(7)));
    u = u.add(p.mul(call.scalar(8)));
    double valueNorm = norm(p);
    double updateNorm = norm(u);
    double ratio = valueNorm == 0 || updateNorm == 0 ? 1 : valueNorm / updateNorm;
    return descend(p, u.mul(call.scalar(2) * ratio));
  }

  static Tensor[] rmsprop(OpCall call, Tensor... in) {
    RmsProp keeps = call.attributes(RmsProp.class);
    Tensor g = gradient(call, in[0]);
    double alpha = call.scalar(3);
    Tensor variance = average(output(call, 1), alpha, g.square());
    if (keeps.centered()) {
      // Rounding may bring it below 0.
      variance = variance.sub(average(output(call, 2), alpha, g).square()).relu();
    }
    Tensor step = g.div(variance.sqrt().add(call.scalar(4)));
    if (keeps.momentum()) {
      Tensor m = output(call, call.outputs() - 1);
      m.assign(m.mul(call.scalar(5)).add(step));
      step = m;
    }
    return descend(output(call, 0), step.mul(call.scalar(2)));
  }

  static Tensor[] adagrad(OpCall call, Tensor... in) {
    Tensor g = gradient(call, in[0]);
    Tensor sum = output(call, 1);
    sum.assign(sum.add(call.scalar(4)).add(g.square()));
    Tensor step = g.div(sum.sqrt().add(call.scalar(3)));
    return descend(output(call, 0), step.mul(call.scalar(2)));
  }

  static Tensor[] adadelta(OpCall call, Tensor... in) {
    double rho = call.scalar(3);
    double epsilon = call.scalar(4);
    Tensor g = gradient(call, in[0]);
    Tensor squares = average(output(call, 1), rho, g.square());
    Tensor updates = output(call, 2);
    Tensor step = g.mul(updates.add(epsilon).sqrt()).div(squares.add(epsilon).sqrt());
    average(updates, rho, step.square());
    return descend(output(call, 0), step.mul(call.scalar(2)));
  }

  static Tensor[] lion(OpCall call, Tensor... in) {
    Tensor g = gradient(call, in[0]);
    Tensor p = output(call, 0);
    Tensor m = output(call, 1);
    Tensor direction = m.mul(call.scalar(3)).add(g.mul(1 - call.scalar(3)));
    // An engine's sign of NaN may be 0, which would hide it: the value would stay from then on.
    Tensor sign = Tensor.where(direction.isNan(), direction, direction.sign());
    p.assign(p.mul(call.scalar(5)).sub(sign.mul(call.scalar(2))));
    average(m, call.scalar(4), g);
    return Composition.WRITTEN;
  }

  static Tensor[] adafactor(OpCall call, Tensor... in) {
    Adafactor keeps = call.attributes(Adafactor.class);
    Tensor g = gradient(call, in[0]);
    Tensor p = output(call, 0);
    double rate = call.scalar(2);
    if (call.scalar(7) != 0) {
      rate *= Math.max(call.scalar(5), rootMeanSquare(p));
    }
    double beta2 = call.scalar(3);
    Tensor squares = g.square().add(call.scalar(4));
    Tensor u;
    if (keeps.factored()) {
      Tensor rows = average(output(call, 1), beta2, squares.mean(/* keepDim= */ false, -1));
      Tensor columns = average(output(call, 2), beta2, squares.mean(/* keepDim= */ false, -2));
      Tensor relative = rows.div(rows.mean(/* keepDim= */ true, -1));
      // Two roots rather than that of the product, which underflows in single precision.
      u = g.mul(relative.rsqrt().unsqueeze(-1)).mul(columns.rsqrt().unsqueeze(-2));
    } else {
      u = g.mul(average(output(call, 1), beta2, squares).rsqrt());
    }
    u = u.mul(rate / Math.max(1, rootMeanSquare(u) / call.scalar(6)));
    if (keeps.momentum()) {
      u = average(output(call, call.outputs() - 1), call.scalar(8), u);
    }
    return descend(p, p.mul(call.scalar(9) * rate).add(u));
  }
}
