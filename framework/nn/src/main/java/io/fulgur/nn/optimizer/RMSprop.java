package io.fulgur.nn.optimizer;

import io.fulgur.tensor.OptimizerOperators;
import io.fulgur.tensor.OptimizerOperators.RmsProp;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gradients divided by the root of their mean square, as {@code torch.optim.RMSprop}.
 *
 * <p>With {@code g = grad + weightDecay · w}: {@code v = alpha · v + (1 - alpha) · g²}, {@code d =
 * g / (√v + epsilon)}, {@code w -= learningRate · d}, or with momentum {@code m = momentum · m +
 * d}, {@code w -= learningRate · m}. Centered, {@code v - a²} is under the root, the variance,
 * where {@code a = alpha · a + (1 - alpha) · g}.
 *
 * <p>Defaults: learning rate 1e-2, alpha 0.99, epsilon 1e-8, momentum 0, not centered, weight decay
 * 0.
 *
 * <p>T. Tieleman, G. Hinton, "Lecture 6.5: RMSprop", Coursera 2012; centered: A. Graves,
 * "Generating Sequences With Recurrent Neural Networks", 2013.
 *
 * @since 0.1
 */
public final class RMSprop extends AbstractOptimizer<RMSprop> {
  private static final String ALPHA = "alpha";
  private static final String EPSILON = "epsilon";
  private static final String MOMENTUM = "momentum";
  private static final String CENTERED = "centered";
  private static final String SECOND_MOMENT = "secondMoment";
  private static final String MEAN = "mean";

  private RMSprop(List<ParameterGroup> groups) {
    super(
        groups,
        /* learningRate= */ 1e-2,
        /* weightDecay= */ 0,
        Hyperparameter.fraction(ALPHA, 0.99),
        Hyperparameter.positive(EPSILON, 1e-8),
        Hyperparameter.nonNegative(MOMENTUM, 0),
        Hyperparameter.flag(CENTERED, false));
  }

  /** Returns an optimizer of these parameters in one group. */
  public static RMSprop of(List<Parameter> parameters) {
    return of(ParameterGroup.of(parameters));
  }

  /** Returns an optimizer of these groups. */
  public static RMSprop of(ParameterGroup... groups) {
    return new RMSprop(List.of(groups));
  }

  /** Sets the decay rate of the mean square, from 0 to below 1. */
  public RMSprop alpha(double value) {
    return set(ALPHA, value);
  }

  /** Sets what keeps the denominator from 0, above 0. */
  public RMSprop epsilon(double value) {
    return set(EPSILON, value);
  }

  /** Sets the momentum, 0 or more. */
  public RMSprop momentum(double value) {
    return set(MOMENTUM, value);
  }

  /** Sets whether to divide by the root of the variance rather than of the mean square. */
  public RMSprop centered(boolean value) {
    return set(CENTERED, value);
  }

  @Override
  protected Set<String> stateNames(Map<String, Double> hyperparameters) {
    Set<String> names = new LinkedHashSet<>(Set.of(SECOND_MOMENT));
    if (hyperparameters.getOrDefault(CENTERED, 0.0) != 0) {
      names.add(MEAN);
    }
    if (hyperparameters.getOrDefault(MOMENTUM, 0.0) != 0) {
      names.add(MOMENTUM);
    }
    return names;
  }

  @Override
  protected void update(ParameterRun run) {
    ParameterGroup group = run.group();
    RmsProp keeps = new RmsProp(group.isSet(CENTERED), group.get(MOMENTUM) != 0);
    List<Tensor> state = new ArrayList<>(3);
    state.add(run.state(SECOND_MOMENT));
    if (keeps.centered()) {
      state.add(run.state(MEAN));
    }
    if (keeps.momentum()) {
      state.add(run.state(MOMENTUM));
    }
    run.apply(
        OptimizerOperators.RMSPROP_STEP,
        keeps,
        state,
        gradientFactor(run),
        weightDecay(run),
        learningRate(run),
        group.get(ALPHA),
        group.get(EPSILON),
        group.get(MOMENTUM));
  }
}
