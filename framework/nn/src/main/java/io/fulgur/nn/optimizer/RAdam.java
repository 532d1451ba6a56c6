package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Operators;
import io.fulgur.tensor.OptimizerOperators;
import io.fulgur.tensor.Parameter;
import java.util.List;

/**
 * Adam with a rectified adaptive learning rate, as {@code torch.optim.RAdam}.
 *
 * <p>With the moments of {@link Adam}, {@code g = grad + weightDecay · w}, {@code ρ∞ = 2 / (1 -
 * beta2) - 1} and, at a parameter's step {@code t}, {@code ρ = ρ∞ - 2 t beta2ᵗ / (1 - beta2ᵗ)}:
 * where {@code ρ > 5}, {@code w -= learningRate · r m̂ √(1 - beta2ᵗ) / (√v + epsilon)} with {@code
 * r² = (ρ - 4) (ρ - 2) ρ∞ / ((ρ∞ - 4) (ρ∞ - 2) ρ)}; before that, {@code w -= learningRate · m̂}.
 *
 * <p>Defaults: learning rate 1e-3, betas 0.9 and 0.999, epsilon 1e-8, weight decay 0.
 *
 * <p>L. Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond", ICLR 2020.
 *
 * @since 0.1
 */
public final class RAdam extends AdamFamily<RAdam> {
  private RAdam(List<ParameterGroup> groups) {
    super(groups, /* learningRate= */ 1e-3, /* epsilon= */ 1e-8, /* weightDecay= */ 0);
  }

  /** Returns an optimizer of these parameters in one group. */
  public static RAdam of(List<Parameter> parameters) {
    return of(ParameterGroup.of(parameters));
  }

  /** Returns an optimizer of these groups. */
  public static RAdam of(ParameterGroup... groups) {
    return new RAdam(List.of(groups));
  }

  @Override
  protected void update(ParameterRun run) {
    double beta2 = beta2(run);
    double correction2 = correction(beta2, run);
    double longest = 2 / (1 - beta2) - 1;
    double length = longest - 2.0 * run.step() * (1 - correction2) / correction2;
    boolean adapts = length > 5;
    double step = learningRate(run) / correction(beta1(run), run);
    if (adapts) {
      double rectification =
          Math.sqrt(
              (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
      step *= rectification * Math.sqrt(correction2);
    }
    run.apply(
        OptimizerOperators.ADAM_STEP,
        Operators.NONE,
        moments(run),
        gradientFactor(run),
        weightDecay(run),
        /* shrink */ 1,
        beta1(run),
        beta2,
        /* gradientStep */ 0,
        step,
        // Not adapting is dividing by 1.
        /* rootFactor */ adapts ? 1 : 0,
        /* epsilon */ adapts ? epsilon(run) : 1);
  }
}
