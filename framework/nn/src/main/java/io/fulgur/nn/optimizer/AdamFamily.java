package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An optimizer with decaying averages of gradients and their squares, as Adam's. */
abstract class AdamFamily<O extends AdamFamily<O>> extends AbstractOptimizer<O> {
  private static final String BETA1 = "beta1";
  private static final String BETA2 = "beta2";
  private static final String EPSILON = "epsilon";
  static final String FIRST_MOMENT = "firstMoment";
  static final String SECOND_MOMENT = "secondMoment";
  private static final Set<String> MOMENTS = Set.of(FIRST_MOMENT, SECOND_MOMENT);

  AdamFamily(
      List<ParameterGroup> groups,
      double learningRate,
      double epsilon,
      double weightDecay,
      Hyperparameter... more) {
    super(groups, learningRate, weightDecay, hyperparameters(epsilon, more));
  }

  private static Hyperparameter[] hyperparameters(double epsilon, Hyperparameter... more) {
    List<Hyperparameter> all = new ArrayList<>();
    all.add(Hyperparameter.fraction(BETA1, 0.9));
    all.add(Hyperparameter.fraction(BETA2, 0.999));
    all.add(Hyperparameter.positive(EPSILON, epsilon));
    all.addAll(List.of(more));
    return all.toArray(Hyperparameter[]::new);
  }

  /** Sets the decay rates of both moments, from 0 to below 1. */
  public final O betas(double beta1, double beta2) {
    set(BETA1, beta1);
    return set(BETA2, beta2);
  }

  /** Sets what keeps the denominator from 0, above 0. */
  public final O epsilon(double value) {
    return set(EPSILON, value);
  }

  @Override
  protected Set<String> stateNames(Map<String, Double> hyperparameters) {
    return MOMENTS;
  }

  static double beta1(ParameterRun run) {
    return run.group().get(BETA1);
  }

  static double beta2(ParameterRun run) {
    return run.group().get(BETA2);
  }

  static double epsilon(ParameterRun run) {
    return run.group().get(EPSILON);
  }

  /** Returns {@code 1 - betaᵗ}: how much of an average is not the zeros that it began with. */
  static double correction(double beta, ParameterRun run) {
    return 1 - Math.pow(beta, (double) run.step());
  }

  static List<Tensor> moments(ParameterRun run) {
    return List.of(run.state(FIRST_MOMENT), run.state(SECOND_MOMENT));
  }
}
