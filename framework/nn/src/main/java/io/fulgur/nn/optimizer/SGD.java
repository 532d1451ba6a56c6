package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Operators;
import io.fulgur.tensor.OptimizerOperators;
import io.fulgur.tensor.Parameter;
import java.util.List;

/**
 * Stochastic gradient descent, as {@code torch.optim.SGD}.
 *
 * <p>With {@code d = grad + weightDecay · w} and {@code m = momentum · m + (1 - dampening) · d},
 * where {@code m = d} at a parameter's first step: {@code w -= learningRate · m}, or {@code w -=
 * learningRate · (d + momentum · m)} with Nesterov's momentum, or {@code w -= learningRate · d}
 * without momentum.
 *
 * <p>Defaults: learning rate 1e-3, all else 0 and off.
 *
 * <p>I. Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML
 * 2013.
 *
 * @since 0.1
 */
public final class SGD extends MomentumOptimizer<SGD> {
  private SGD(List<ParameterGroup> groups) {
    super(groups, /* learningRate= */ 1e-3, /* momentum= */ 0);
  }

  /** Returns an optimizer of these parameters in one group. */
  public static SGD of(List<Parameter> parameters) {
    return of(ParameterGroup.of(parameters));
  }

  /** Returns an optimizer of these groups. */
  public static SGD of(ParameterGroup... groups) {
    return new SGD(List.of(groups));
  }

  @Override
  protected void update(ParameterRun run) {
    ParameterGroup group = run.group();
    run.apply(
        OptimizerOperators.SGD_STEP,
        Operators.NONE,
        momentumOf(run),
        gradientFactor(run),
        weightDecay(run),
        learningRate(run),
        group.get(MOMENTUM),
        group.get(DAMPENING),
        group.get(NESTEROV),
        /* firstStep */ run.step() == 1 ? 1 : 0);
  }
}
