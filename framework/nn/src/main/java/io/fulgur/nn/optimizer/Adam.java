package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adam, as {@code torch.optim.Adam}.
 *
 * <p>With {@code g = grad + weightDecay · w}, at a parameter's step {@code t}: {@code m = beta1 · m
 * + (1 - beta1) · g}, {@code v = beta2 · v + (1 - beta2) · g²}, {@code w -= learningRate · m̂ /
 * (√v̂ + epsilon)}, where {@code m̂ = m / (1 - beta1ᵗ)} and {@code v̂ = v / (1 - beta2ᵗ)}.
 *
 * <p>Defaults: learning rate 1e-3, betas 0.9 and 0.999, epsilon 1e-8, weight decay 0.
 *
 * <p>D. P. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015.
 *
 * @since 0.1
 */
public final class Adam extends Optimizer {
  private Adam(List<ParameterGroup> groups) {
    super(groups, AdamUpdate.hyperparameters(/* weightDecay= */ 0));
  }

  /** Returns an optimizer of these parameters in one group. */
  public static Adam of(List<Parameter> parameters) {
    return of(ParameterGroup.of(parameters));
  }

  /** Returns an optimizer of these groups. */
  public static Adam of(ParameterGroup... groups) {
    return new Adam(List.of(groups));
  }

  /** Sets the learning rate, 0 or more. */
  public Adam learningRate(double value) {
    return set(Hyperparameter.LEARNING_RATE, value);
  }

  /** Sets the decay rates of both moments, from 0 to below 1. */
  public Adam betas(double beta1, double beta2) {
    return set(AdamUpdate.BETA1, beta1).set(AdamUpdate.BETA2, beta2);
  }

  /** Sets what keeps the denominator from 0, above 0. */
  public Adam epsilon(double value) {
    return set(AdamUpdate.EPSILON, value);
  }

  /** Sets the weight decay, an L2 penalty added to the gradient, 0 or more. */
  public Adam weightDecay(double value) {
    return set(Hyperparameter.WEIGHT_DECAY, value);
  }

  private Adam set(String hyperparameter, double value) {
    setAll(hyperparameter, value);
    return this;
  }

  @Override
  protected Set<String> stateNames(Map<String, Double> hyperparameters) {
    return AdamUpdate.STATE_NAMES;
  }

  @Override
  protected void update(ParameterRun run) {
    AdamUpdate.apply(run, /* decoupled= */ false);
  }
}
