package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Operators;
import io.fulgur.tensor.OptimizerOperators;
import io.fulgur.tensor.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gradients divided by the root of the sum of all their squares, as {@code torch.optim.Adagrad}.
 *
 * <p>With {@code g = grad + weightDecay · w}, at a parameter's step {@code t}: {@code s += g²},
 * {@code w -= learningRate / (1 + (t - 1) · learningRateDecay) · g / (√s + epsilon)}, where {@code
 * s} begins with {@code initialAccumulatorValue}.
 *
 * <p>Defaults: learning rate 1e-2, its decay 0, initial accumulator value 0, epsilon 1e-10, weight
 * decay 0.
 *
 * <p>J. Duchi, E. Hazan, Y. Singer, "Adaptive Subgradient Methods for Online Learning and
 * Stochastic Optimization", JMLR 2011.
 *
 * @since 0.1
 */
public final class Adagrad extends AbstractOptimizer<Adagrad> {
  private static final String LEARNING_RATE_DECAY = "learningRateDecay";
  private static final String INITIAL_ACCUMULATOR_VALUE = "initialAccumulatorValue";
  private static final String EPSILON = "epsilon";
  private static final String SUM = "sum";

  private Adagrad(List<ParameterGroup> groups) {
    super(
        groups,
        /* learningRate= */ 1e-2,
        /* weightDecay= */ 0,
        Hyperparameter.nonNegative(LEARNING_RATE_DECAY, 0),
        Hyperparameter.nonNegative(INITIAL_ACCUMULATOR_VALUE, 0),
        Hyperparameter.positive(EPSILON, 1e-10));
  }

  /** Returns an optimizer of these parameters in one group. */
  public static Adagrad of(List<Parameter> parameters) {
    return of(ParameterGroup.of(parameters));
  }

  /** Returns an optimizer of these groups. */
  public static Adagrad of(ParameterGroup... groups) {
    return new Adagrad(List.of(groups));
  }

  /** Sets how fast the learning rate falls with the number of steps, 0 or more. */
  public Adagrad learningRateDecay(double value) {
    return set(LEARNING_RATE_DECAY, value);
  }

  /** Sets what the sum of squares begins with, 0 or more. */
  public Adagrad initialAccumulatorValue(double value) {
    return set(INITIAL_ACCUMULATOR_VALUE, value);
  }

  /** Sets what keeps the denominator from 0, above 0. */
  public Adagrad epsilon(double value) {
    return set(EPSILON, value);
  }

  @Override
  protected Set<String> stateNames(Map<String, Double> hyperparameters) {
    return Set.of(SUM);
  }

  @Override
  protected void update(ParameterRun run) {
    ParameterGroup group = run.group();
    long before = run.step() - 1;
    run.apply(
        OptimizerOperators.ADAGRAD_STEP,
        Operators.NONE,
        List.of(run.state(SUM)),
        gradientFactor(run),
        weightDecay(run),
        learningRate(run) / (1 + (double) before * group.get(LEARNING_RATE_DECAY)),
        group.get(EPSILON),
        /* initial */ before == 0 ? group.get(INITIAL_ACCUMULATOR_VALUE) : 0);
  }
}
