package io.fulgur.nn.optimizer;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.OptimizerKernels;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stochastic gradient descent, as {@code torch.optim.SGD}.
 *
 * <p>With {@code d = grad + weightDecay · w} and {@code m = momentum · m + (1 - dampening) · d},
 * where {@code m = d} at a parameter's first step: {@code w -= learningRate · m}, or {@code w -=
 * learningRate · (d + momentum · m)} with Nesterov's momentum, or {@code w -= learningRate · d}
 * without momentum.
 *
 * <p>Defaults: learning rate 1e-3, all else 0 and off.
 *
 * <p>I. Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML
 * 2013.
 *
 * @since 0.1
 */
public final class SGD extends Optimizer {
  private static final String MOMENTUM = "momentum";
  private static final String DAMPENING = "dampening";
  private static final String NESTEROV = "nesterov";

  private SGD(List<ParameterGroup> groups) {
    super(
        groups,
        List.of(
            Hyperparameter.nonNegative(Hyperparameter.LEARNING_RATE, 1e-3),
            Hyperparameter.nonNegative(MOMENTUM, 0),
            Hyperparameter.nonNegative(DAMPENING, 0),
            Hyperparameter.nonNegative(Hyperparameter.WEIGHT_DECAY, 0),
            Hyperparameter.flag(NESTEROV, false)));
  }

  /** Returns an optimizer of these parameters in one group. */
  public static SGD of(List<Parameter> parameters) {
    return of(ParameterGroup.of(parameters));
  }

  /** Returns an optimizer of these groups. */
  public static SGD of(ParameterGroup... groups) {
    return new SGD(List.of(groups));
  }

  /** Sets the learning rate, 0 or more. */
  public SGD learningRate(double value) {
    return set(Hyperparameter.LEARNING_RATE, value);
  }

  /** Sets the momentum, 0 or more. */
  public SGD momentum(double value) {
    return set(MOMENTUM, value);
  }

  /** Sets how much less of the gradient enters the momentum, 0 or more. */
  public SGD dampening(double value) {
    return set(DAMPENING, value);
  }

  /** Sets the weight decay, an L2 penalty added to the gradient, 0 or more. */
  public SGD weightDecay(double value) {
    return set(Hyperparameter.WEIGHT_DECAY, value);
  }

  /** Sets whether to use Nesterov's momentum, which needs momentum and no dampening. */
  public SGD nesterov(boolean value) {
    return set(NESTEROV, value ? 1 : 0);
  }

  private SGD set(String hyperparameter, double value) {
    setAll(hyperparameter, value);
    return this;
  }

  @Override
  protected Set<String> stateNames(Map<String, Double> hyperparameters) {
    return hyperparameters.getOrDefault(MOMENTUM, 0.0) == 0 ? Set.of() : Set.of(MOMENTUM);
  }

  @Override
  protected void update(ParameterRun run) {
    ParameterGroup group = run.group();
    double momentum = group.get(MOMENTUM);
    double dampening = group.get(DAMPENING);
    boolean nesterov = group.get(NESTEROV) != 0;
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw new FulgurException(
          ErrorId.INVALID_HYPERPARAMETER,
          "SGD: nesterov needs a momentum above 0 and a dampening of 0, but they are %s and %s."
              .formatted(momentum, dampening));
    }
    Tensor momentumBuffer = momentum == 0 ? run.gradients() : run.state(MOMENTUM);
    OptimizerKernels.sgdStep(
        run.gradients().view(),
        run.values().view(),
        momentumBuffer.view(),
        group.learningRate(),
        momentum,
        dampening,
        group.get(Hyperparameter.WEIGHT_DECAY),
        nesterov,
        run.step() == 1);
  }
}
