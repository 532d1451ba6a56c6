package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Operators;
import io.fulgur.tensor.OptimizerOperators;
import io.fulgur.tensor.Parameter;
import java.util.List;

/**
 * Layerwise adaptive moments for large batches.
 *
 * <p>For each parameter {@code w}, with {@code g = grad} and the moments of {@link Adam}: {@code u
 * = m̂ / (√v̂ + epsilon) + weightDecay · w}, {@code w -= learningRate · u ‖w‖ / ‖u‖}, or {@code
 * learningRate · u} where one of the norms is 0.
 *
 * <p>Defaults: learning rate 1e-3, betas 0.9 and 0.999, epsilon 1e-6, weight decay 1e-2.
 *
 * <p>Y. You et al., "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes", ICLR
 * 2020; algorithm 2 of its arXiv version 5, with bias correction and the identity for {@code φ}.
 *
 * @since 0.1
 */
public final class LAMB extends AdamFamily<LAMB> {
  private LAMB(List<ParameterGroup> groups) {
    super(groups, /* learningRate= */ 1e-3, /* epsilon= */ 1e-6, /* weightDecay= */ 1e-2);
  }

  /** Returns an optimizer of these parameters in one group. */
  public static LAMB of(List<Parameter> parameters) {
    return of(ParameterGroup.of(parameters));
  }

  /** Returns an optimizer of these groups. */
  public static LAMB of(ParameterGroup... groups) {
    return new LAMB(List.of(groups));
  }

  @Override
  protected boolean stepsEachParameterAlone() {
    return true;
  }

  @Override
  protected void update(ParameterRun run) {
    run.apply(
        OptimizerOperators.LAMB_STEP,
        Operators.NONE,
        moments(run),
        gradientFactor(run),
        /* penalty */ 0,
        learningRate(run),
        beta1(run),
        beta2(run),
        /* momentFactor */ 1 / correction(beta1(run), run),
        /* rootFactor */ 1 / Math.sqrt(correction(beta2(run), run)),
        epsilon(run),
        weightDecay(run));
  }
}
