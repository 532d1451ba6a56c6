package io.fulgur.nn.optimizer;

import io.fulgur.tensor.OptimizerKernels;
import java.util.List;
import java.util.Set;

/** What {@link Adam} and {@link AdamW} share. */
final class AdamUpdate {
  static final String BETA1 = "beta1";
  static final String BETA2 = "beta2";
  static final String EPSILON = "epsilon";
  static final String FIRST_MOMENT = "firstMoment";
  static final String SECOND_MOMENT = "secondMoment";
  static final Set<String> STATE_NAMES = Set.of(FIRST_MOMENT, SECOND_MOMENT);

  private AdamUpdate() {}

  static List<Hyperparameter> hyperparameters(double weightDecay) {
    return List.of(
        Hyperparameter.nonNegative(Hyperparameter.LEARNING_RATE, 1e-3),
        Hyperparameter.fraction(BETA1, 0.9),
        Hyperparameter.fraction(BETA2, 0.999),
        new Hyperparameter(EPSILON, 1e-8, value -> value > 0, "above 0"),
        Hyperparameter.nonNegative(Hyperparameter.WEIGHT_DECAY, weightDecay));
  }

  static void apply(ParameterRun run, boolean decoupled) {
    ParameterGroup group = run.group();
    OptimizerKernels.adamStep(
        run.gradients().view(),
        run.values().view(),
        run.state(FIRST_MOMENT).view(),
        run.state(SECOND_MOMENT).view(),
        group.learningRate(),
        group.get(BETA1),
        group.get(BETA2),
        group.get(EPSILON),
        group.get(Hyperparameter.WEIGHT_DECAY),
        decoupled,
        run.step());
  }
}
