package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Parameter;
import java.util.List;

/**
 * Adam, as {@code torch.optim.Adam}.
 *
 * <p>With {@code g = grad + weightDecay · w}, at a parameter's step {@code t}: {@code m = beta1 · m
 * + (1 - beta1) · g}, {@code v = beta2 · v + (1 - beta2) · g²}, {@code w -= learningRate · m̂ /
 * (√v̂ + epsilon)}, where {@code m̂ = m / (1 - beta1ᵗ)} and {@code v̂ = v / (1 - beta2ᵗ)}; with
 * {@code amsgrad}, {@code v̂} is of the largest {@code v} so far.
 *
 * <p>Defaults: learning rate 1e-3, betas 0.9 and 0.999, epsilon 1e-8, weight decay 0.
 *
 * <p>D. P. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015.
 *
 * @since 0.1
 */
public final class Adam extends AmsgradAdam<Adam> {
  private Adam(List<ParameterGroup> groups) {
    super(groups, /* weightDecay= */ 0, /* decoupled= */ false);
  }

  /** Returns an optimizer of these parameters in one group. */
  public static Adam of(List<Parameter> parameters) {
    return of(ParameterGroup.of(parameters));
  }

  /** Returns an optimizer of these groups. */
  public static Adam of(ParameterGroup... groups) {
    return new Adam(List.of(groups));
  }
}
