package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Operators;
import io.fulgur.tensor.OptimizerOperators;
import io.fulgur.tensor.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gradients scaled by the ratio of past updates to past gradients, as {@code torch.optim.Adadelta}.
 *
 * <p>With {@code g = grad + weightDecay · w}: {@code v = rho · v + (1 - rho) · g²}, {@code d = g
 * √(u + epsilon) / √(v + epsilon)}, {@code u = rho · u + (1 - rho) · d²}, {@code w -= learningRate
 * · d}.
 *
 * <p>Defaults: learning rate 1, rho 0.9, epsilon 1e-6, weight decay 0.
 *
 * <p>M. D. Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012.
 *
 * @since 0.1
 */
public final class Adadelta extends AbstractOptimizer<Adadelta> {
  private static final String RHO = "rho";
  private static final String EPSILON = "epsilon";
  private static final String SQUARES = "squares";
  private static final String UPDATES = "updates";

  private Adadelta(List<ParameterGroup> groups) {
    super(
        groups,
        /* learningRate= */ 1,
        /* weightDecay= */ 0,
        Hyperparameter.fraction(RHO, 0.9),
        Hyperparameter.positive(EPSILON, 1e-6));
  }

  /** Returns an optimizer of these parameters in one group. */
  public static Adadelta of(List<Parameter> parameters) {
    return of(ParameterGroup.of(parameters));
  }

  /** Returns an optimizer of these groups. */
  public static Adadelta of(ParameterGroup... groups) {
    return new Adadelta(List.of(groups));
  }

  /** Sets the decay rate of both averages of squares, from 0 to below 1. */
  public Adadelta rho(double value) {
    return set(RHO, value);
  }

  /** Sets what is added to both averages under their roots, above 0. */
  public Adadelta epsilon(double value) {
    return set(EPSILON, value);
  }

  @Override
  protected Set<String> stateNames(Map<String, Double> hyperparameters) {
    return Set.of(SQUARES, UPDATES);
  }

  @Override
  protected void update(ParameterRun run) {
    run.apply(
        OptimizerOperators.ADADELTA_STEP,
        Operators.NONE,
        List.of(run.state(SQUARES), run.state(UPDATES)),
        gradientFactor(run),
        weightDecay(run),
        learningRate(run),
        run.group().get(RHO),
        run.group().get(EPSILON));
  }
}
