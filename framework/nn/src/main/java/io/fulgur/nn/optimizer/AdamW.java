package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adam with decoupled weight decay, as {@code torch.optim.AdamW}: {@code w *= 1 - learningRate ·
 * weightDecay}, then the step of {@link Adam} with {@code g = grad}.
 *
 * <p>Defaults: learning rate 1e-3, betas 0.9 and 0.999, epsilon 1e-8, weight decay 1e-2.
 *
 * <p>I. Loshchilov, F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019.
 *
 * @since 0.1
 */
public final class AdamW extends Optimizer {
  private AdamW(List<ParameterGroup> groups) {
    super(groups, AdamUpdate.hyperparameters(/* weightDecay= */ 1e-2));
  }

  /** Returns an optimizer of these parameters in one group. */
  public static AdamW of(List<Parameter> parameters) {
    return of(ParameterGroup.of(parameters));
  }

  /** Returns an optimizer of these groups. */
  public static AdamW of(ParameterGroup... groups) {
    return new AdamW(List.of(groups));
  }

  /** Sets the learning rate, 0 or more. */
  public AdamW learningRate(double value) {
    return set(Hyperparameter.LEARNING_RATE, value);
  }

  /** Sets the decay rates of both moments, from 0 to below 1. */
  public AdamW betas(double beta1, double beta2) {
    return set(AdamUpdate.BETA1, beta1).set(AdamUpdate.BETA2, beta2);
  }

  /** Sets what keeps the denominator from 0, above 0. */
  public AdamW epsilon(double value) {
    return set(AdamUpdate.EPSILON, value);
  }

  /** Sets the weight decay, which shrinks weights apart from the gradient, 0 or more. */
  public AdamW weightDecay(double value) {
    return set(Hyperparameter.WEIGHT_DECAY, value);
  }

  private AdamW set(String hyperparameter, double value) {
    setAll(hyperparameter, value);
    return this;
  }

  @Override
  protected Set<String> stateNames(Map<String, Double> hyperparameters) {
    return AdamUpdate.STATE_NAMES;
  }

  @Override
  protected void update(ParameterRun run) {
    AdamUpdate.apply(run, /* decoupled= */ true);
  }
}
