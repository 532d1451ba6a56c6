package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Operators;
import io.fulgur.tensor.OptimizerOperators;
import io.fulgur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@link Adam} and {@link AdamW} share, which is all but where the weight decay goes. */
abstract class AmsgradAdam<O extends AmsgradAdam<O>> extends AdamFamily<O> {
  private static final String AMSGRAD = "amsgrad";
  private static final String MAX_SECOND_MOMENT = "maxSecondMoment";
  private static final Set<String> WITH_MAXIMUM =
      Set.of(FIRST_MOMENT, SECOND_MOMENT, MAX_SECOND_MOMENT);

  private final boolean decoupled;

  AmsgradAdam(List<ParameterGroup> groups, double weightDecay, boolean decoupled) {
    super(
        groups,
        /* learningRate= */ 1e-3,
        /* epsilon= */ 1e-8,
        weightDecay,
        Hyperparameter.flag(AMSGRAD, false));
    this.decoupled = decoupled;
  }

  /**
   * Sets whether to divide by the root of the largest second moment so far; off by default. S. J.
   * Reddi et al., "On the Convergence of Adam and Beyond", ICLR 2018.
   */
  public final O amsgrad(boolean value) {
    return set(AMSGRAD, value);
  }

  @Override
  protected final Set<String> stateNames(Map<String, Double> hyperparameters) {
    return hyperparameters.getOrDefault(AMSGRAD, 0.0) == 0
        ? super.stateNames(hyperparameters)
        : WITH_MAXIMUM;
  }

  @Override
  protected final void update(ParameterRun run) {
    List<Tensor> moments =
        run.group().isSet(AMSGRAD)
            ? List.of(
                run.state(FIRST_MOMENT), run.state(SECOND_MOMENT), run.state(MAX_SECOND_MOMENT))
            : moments(run);
    double learningRate = learningRate(run);
    double weightDecay = weightDecay(run);
    run.apply(
        OptimizerOperators.ADAM_STEP,
        Operators.NONE,
        moments,
        gradientFactor(run),
        decoupled ? 0 : weightDecay,
        /* shrink */ decoupled ? 1 - learningRate * weightDecay : 1,
        beta1(run),
        beta2(run),
        /* gradientStep */ 0,
        /* momentStep */ learningRate / correction(beta1(run), run),
        /* rootFactor */ 1 / Math.sqrt(correction(beta2(run), run)),
        epsilon(run));
  }
}
