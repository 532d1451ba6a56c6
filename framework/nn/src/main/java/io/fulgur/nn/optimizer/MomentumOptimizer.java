package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@link SGD} and {@link LARS} share: their momentum. */
abstract class MomentumOptimizer<O extends MomentumOptimizer<O>> extends AbstractOptimizer<O> {
  static final String MOMENTUM = "momentum";
  static final String DAMPENING = "dampening";
  static final String NESTEROV = "nesterov";

  MomentumOptimizer(
      List<ParameterGroup> groups, double learningRate, double momentum, Hyperparameter... more) {
    super(groups, learningRate, /* weightDecay= */ 0, hyperparameters(momentum, more));
  }

  private static Hyperparameter[] hyperparameters(double momentum, Hyperparameter... more) {
    List<Hyperparameter> all = new ArrayList<>();
    all.add(Hyperparameter.nonNegative(MOMENTUM, momentum));
    all.add(Hyperparameter.nonNegative(DAMPENING, 0));
    all.add(Hyperparameter.flag(NESTEROV, false));
    all.addAll(List.of(more));
    return all.toArray(Hyperparameter[]::new);
  }

  /** Sets the momentum, 0 or more. */
  public final O momentum(double value) {
    return set(MOMENTUM, value);
  }

  /** Sets how much less of the gradient enters the momentum, 0 or more; 0 by default. */
  public final O dampening(double value) {
    return set(DAMPENING, value);
  }

  /** Sets whether to use Nesterov's momentum, which needs momentum and no dampening. */
  public final O nesterov(boolean value) {
    return set(NESTEROV, value);
  }

  @Override
  protected final Set<String> stateNames(Map<String, Double> hyperparameters) {
    return hyperparameters.getOrDefault(MOMENTUM, 0.0) == 0 ? Set.of() : Set.of(MOMENTUM);
  }

  @Override
  protected final void check(ParameterGroup group) {
    double momentum = group.get(MOMENTUM);
    double dampening = group.get(DAMPENING);
    if (group.isSet(NESTEROV) && (momentum == 0 || dampening != 0)) {
      throw contradiction(
          "nesterov needs a momentum above 0 and a dampening of 0, but they are %s and %s."
              .formatted(momentum, dampening));
    }
  }

  static List<Tensor> momentumOf(ParameterRun run) {
    return run.group().get(MOMENTUM) == 0 ? List.of() : List.of(run.state(MOMENTUM));
  }
}
