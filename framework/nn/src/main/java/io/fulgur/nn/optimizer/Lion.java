package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Operators;
import io.fulgur.tensor.OptimizerOperators;
import io.fulgur.tensor.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Steps of equal size in the direction of the signs of a momentum.
 *
 * <p>With {@code g = grad}: {@code w = w (1 - learningRate · weightDecay) - learningRate ·
 * sign(beta1 · m + (1 - beta1) · g)}, {@code m = beta2 · m + (1 - beta2) · g}.
 *
 * <p>Defaults: learning rate 1e-4, betas 0.9 and 0.99, weight decay 0. A good learning rate is a
 * third to a tenth of {@link AdamW}'s, and the weight decay as many times as large.
 *
 * <p>X. Chen et al., "Symbolic Discovery of Optimization Algorithms", NeurIPS 2023.
 *
 * @since 0.1
 */
public final class Lion extends AbstractOptimizer<Lion> {
  private static final String BETA1 = "beta1";
  private static final String BETA2 = "beta2";
  private static final String MOMENTUM = "momentum";

  private Lion(List<ParameterGroup> groups) {
    super(
        groups,
        /* learningRate= */ 1e-4,
        /* weightDecay= */ 0,
        Hyperparameter.fraction(BETA1, 0.9),
        Hyperparameter.fraction(BETA2, 0.99));
  }

  /** Returns an optimizer of these parameters in one group. */
  public static Lion of(List<Parameter> parameters) {
    return of(ParameterGroup.of(parameters));
  }

  /** Returns an optimizer of these groups. */
  public static Lion of(ParameterGroup... groups) {
    return new Lion(List.of(groups));
  }

  /** Sets how much of the momentum enters a step, and its decay rate, from 0 to below 1. */
  public Lion betas(double beta1, double beta2) {
    set(BETA1, beta1);
    return set(BETA2, beta2);
  }

  @Override
  protected Set<String> stateNames(Map<String, Double> hyperparameters) {
    return Set.of(MOMENTUM);
  }

  @Override
  protected void update(ParameterRun run) {
    double learningRate = learningRate(run);
    run.apply(
        OptimizerOperators.LION_STEP,
        Operators.NONE,
        List.of(run.state(MOMENTUM)),
        gradientFactor(run),
        /* penalty */ 0,
        learningRate,
        run.group().get(BETA1),
        run.group().get(BETA2),
        /* shrink */ 1 - learningRate * weightDecay(run));
  }
}
