package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Operators;
import io.fulgur.tensor.OptimizerOperators;
import io.fulgur.tensor.Parameter;
import java.util.List;
import java.util.Set;

/**
 * Adam with Nesterov's momentum, as {@code torch.optim.NAdam}.
 *
 * <p>With the moments of {@link Adam} and, at a parameter's step {@code t}, {@code μₜ = beta1 (1 -
 * 0.96^(t · momentumDecay) / 2)} and {@code Πₜ = μ₁ ··· μₜ}: {@code w -= learningRate · (g (1 - μₜ)
 * / (1 - Πₜ) + m μₜ₊₁ / (1 - Πₜ₊₁)) / (√v̂ + epsilon)}, where {@code g = grad + weightDecay · w}.
 *
 * <p>Defaults: learning rate 2e-3, betas 0.9 and 0.999, epsilon 1e-8, momentum decay 4e-3, weight
 * decay 0.
 *
 * <p>T. Dozat, "Incorporating Nesterov Momentum into Adam", ICLR 2016 workshop.
 *
 * @since 0.1
 */
public final class NAdam extends AdamFamily<NAdam> {
  private static final String MOMENTUM_DECAY = "momentumDecay";
  private static final String MOMENTUM_PRODUCT = "momentumProduct";

  private NAdam(List<ParameterGroup> groups) {
    super(
        groups,
        /* learningRate= */ 2e-3,
        /* epsilon= */ 1e-8,
        /* weightDecay= */ 0,
        Hyperparameter.nonNegative(MOMENTUM_DECAY, 4e-3));
  }

  /** Returns an optimizer of these parameters in one group. */
  public static NAdam of(List<Parameter> parameters) {
    return of(ParameterGroup.of(parameters));
  }

  /** Returns an optimizer of these groups. */
  public static NAdam of(ParameterGroup... groups) {
    return new NAdam(List.of(groups));
  }

  /** Sets how fast the momentum approaches {@code beta1}, 0 or more. */
  public NAdam momentumDecay(double value) {
    return set(MOMENTUM_DECAY, value);
  }

  @Override
  protected Set<String> numberNames() {
    return Set.of(MOMENTUM_PRODUCT);
  }

  @Override
  protected void update(ParameterRun run) {
    double momentum = momentum(run, run.step());
    double next = momentum(run, run.step() + 1);
    double product = run.number(MOMENTUM_PRODUCT, /* initial= */ 1) * momentum;
    double learningRate = learningRate(run);
    run.apply(
        OptimizerOperators.ADAM_STEP,
        Operators.NONE,
        moments(run),
        gradientFactor(run),
        weightDecay(run),
        /* shrink */ 1,
        beta1(run),
        beta2(run),
        /* gradientStep */ learningRate * (1 - momentum) / (1 - product),
        /* momentStep */ learningRate * next / (1 - product * next),
        /* rootFactor */ 1 / Math.sqrt(correction(beta2(run), run)),
        epsilon(run));
    run.setNumber(MOMENTUM_PRODUCT, product);
  }

  private static double momentum(ParameterRun run, long step) {
    double decay = Math.pow(0.96, (double) step * run.group().get(MOMENTUM_DECAY));
    return beta1(run) * (1 - decay / 2);
  }
}
