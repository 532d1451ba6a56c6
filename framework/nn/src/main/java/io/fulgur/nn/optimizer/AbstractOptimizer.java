package io.fulgur.nn.optimizer;

import java.util.ArrayList;
import java.util.List;

/**
 * An optimizer with the setters that nearly every one has, each of which returns the optimizer:
 * learning rate, weight decay, and whether to maximize.
 *
 * <pre>{@code
 * final class SignSGD extends AbstractOptimizer<SignSGD> {
 *   SignSGD(List<Parameter> parameters) {
 *     super(List.of(ParameterGroup.of(parameters)), 1e-3, 0);
 *   }
 *
 *   @Override
 *   protected Set<String> stateNames(Map<String, Double> hyperparameters) {
 *     return Set.of();
 *   }
 *
 *   @Override
 *   protected void update(ParameterRun run) {
 *     Tensor step = run.gradients().sign().mul(learningRate(run) * gradientFactor(run));
 *     run.values().assign(run.values().sub(step));
 *   }
 * }
 * }</pre>
 *
 * @param <O> the optimizer itself
 * @since 0.1
 */
public abstract class AbstractOptimizer<O extends AbstractOptimizer<O>> extends Optimizer {
  private static final String MAXIMIZE = "maximize";

  /**
   * Takes parameter groups over.
   *
   * @param groups at least one, none empty, no parameter twice
   * @param learningRate the default
   * @param weightDecay the default
   * @param more hyperparameters besides
   * @throws io.fulgur.error.FulgurException if there is no parameter, one is there twice, or a
   *     group's choice is unknown or not allowed
   */
  protected AbstractOptimizer(
      List<ParameterGroup> groups,
      double learningRate,
      double weightDecay,
      Hyperparameter... more) {
    super(groups, hyperparameters(learningRate, weightDecay, more));
  }

  private static List<Hyperparameter> hyperparameters(
      double learningRate, double weightDecay, Hyperparameter... more) {
    List<Hyperparameter> all = new ArrayList<>();
    all.add(Hyperparameter.nonNegative(Hyperparameter.LEARNING_RATE, learningRate));
    all.addAll(List.of(more));
    all.add(Hyperparameter.nonNegative(Hyperparameter.WEIGHT_DECAY, weightDecay));
    all.add(Hyperparameter.flag(MAXIMIZE, false));
    return all;
  }

  /** Sets the learning rate of all groups but those that have chosen their own; 0 or more. */
  public final O learningRate(double value) {
    return set(Hyperparameter.LEARNING_RATE, value);
  }

  /** Sets the weight decay of all groups but those that have chosen their own; 0 or more. */
  public final O weightDecay(double value) {
    return set(Hyperparameter.WEIGHT_DECAY, value);
  }

  /** Sets whether to go up the gradient rather than down; off by default. */
  public final O maximize(boolean value) {
    return set(MAXIMIZE, value);
  }

  /** Sets a hyperparameter of all groups but those that have chosen their own. */
  @SuppressWarnings("unchecked")
  protected final O set(String hyperparameter, double value) {
    setAll(hyperparameter, value);
    return (O) this;
  }

  /** Sets a switch of all groups but those that have chosen their own. */
  protected final O set(String hyperparameter, boolean value) {
    return set(hyperparameter, value ? 1 : 0);
  }

  /** Returns the learning rate of a step. */
  protected static double learningRate(ParameterRun run) {
    return run.group().learningRate();
  }

  /** Returns the weight decay of a step. */
  protected static double weightDecay(ParameterRun run) {
    return run.group().get(Hyperparameter.WEIGHT_DECAY);
  }

  /** Returns what the gradient is multiplied by: 1, or -1 to maximize. */
  protected static double gradientFactor(ParameterRun run) {
    return run.group().isSet(MAXIMIZE) ? -1 : 1;
  }
}
