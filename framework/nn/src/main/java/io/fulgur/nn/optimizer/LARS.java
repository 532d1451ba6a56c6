package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Operators;
import io.fulgur.tensor.OptimizerOperators;
import io.fulgur.tensor.Parameter;
import java.util.List;

/**
 * Layerwise adaptive rate scaling for large batches: {@link SGD} with gradients as long as the
 * parameters that they change.
 *
 * <p>For each parameter {@code w}, {@code d = (grad + weightDecay · w) · trustCoefficient ‖w‖ /
 * (‖grad‖ + weightDecay ‖w‖ + epsilon)} takes the place of SGD's {@code d}. Where one of the norms
 * is 0 it is not scaled, nor in a group with a trust coefficient of 0, as is usual for biases and
 * the parameters of normalisations.
 *
 * <p>Defaults: learning rate 1e-3, momentum 0.9, trust coefficient 1e-3, epsilon 1e-8, all else 0
 * and off.
 *
 * <p>Y. You, I. Gitman, B. Ginsburg, "Large Batch Training of Convolutional Networks", 2017. There
 * the learning rate is part of the momentum; here, as in NVIDIA Apex and as in SGD, it multiplies
 * it, which differs only where it changes.
 *
 * @since 0.1
 */
public final class LARS extends MomentumOptimizer<LARS> {
  private static final String TRUST_COEFFICIENT = "trustCoefficient";
  private static final String EPSILON = "epsilon";

  private LARS(List<ParameterGroup> groups) {
    super(
        groups,
        /* learningRate= */ 1e-3,
        /* momentum= */ 0.9,
        Hyperparameter.nonNegative(TRUST_COEFFICIENT, 1e-3),
        Hyperparameter.nonNegative(EPSILON, 1e-8));
  }

  /** Returns an optimizer of these parameters in one group. */
  public static LARS of(List<Parameter> parameters) {
    return of(ParameterGroup.of(parameters));
  }

  /** Returns an optimizer of these groups. */
  public static LARS of(ParameterGroup... groups) {
    return new LARS(List.of(groups));
  }

  /** Sets how long a step is, as part of the parameter, at a learning rate of 1; 0 or more. */
  public LARS trustCoefficient(double value) {
    return set(TRUST_COEFFICIENT, value);
  }

  /** Sets what is added to the norm of the gradient, 0 or more. */
  public LARS epsilon(double value) {
    return set(EPSILON, value);
  }

  @Override
  protected boolean stepsEachParameterAlone() {
    return true;
  }

  @Override
  protected void update(ParameterRun run) {
    ParameterGroup group = run.group();
    run.apply(
        OptimizerOperators.LARS_STEP,
        Operators.NONE,
        momentumOf(run),
        gradientFactor(run),
        weightDecay(run),
        learningRate(run),
        group.get(MOMENTUM),
        group.get(DAMPENING),
        group.get(NESTEROV),
        /* firstStep */ run.step() == 1 ? 1 : 0,
        group.get(TRUST_COEFFICIENT),
        group.get(EPSILON));
  }
}
