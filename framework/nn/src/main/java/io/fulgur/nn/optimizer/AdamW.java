package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Parameter;
import java.util.List;

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
public final class AdamW extends AmsgradAdam<AdamW> {
  private AdamW(List<ParameterGroup> groups) {
    super(groups, /* weightDecay= */ 1e-2, /* decoupled= */ true);
  }

  /** Returns an optimizer of these parameters in one group. */
  public static AdamW of(List<Parameter> parameters) {
    return of(ParameterGroup.of(parameters));
  }

  /** Returns an optimizer of these groups. */
  public static AdamW of(ParameterGroup... groups) {
    return new AdamW(List.of(groups));
  }
}
