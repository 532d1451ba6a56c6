package io.fulgur.nn;

import io.fulgur.tensor.Functional;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;

/**
 * Dropout: in training mode each element is zeroed with probability {@code p} and the others are
 * scaled by {@code 1 / (1 - p)}; in evaluation mode the input is returned. As {@code
 * torch.nn.Dropout}.
 *
 * <p>Draws from {@link Generator#defaultGenerator()}.
 *
 * <p>N. Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting",
 * JMLR 2014.
 *
 * @since 0.1
 */
public final class Dropout extends Module {
  private final double p;

  /**
   * Makes a dropout layer.
   *
   * @param p the probability of an element to be zeroed
   * @throws io.fulgur.error.FulgurException if {@code p} is not in {@code [0, 1]}
   */
  public Dropout(double p) {
    Checks.require(p >= 0 && p <= 1, "Dropout: p is " + p + "; allowed is a probability, 0 to 1.");
    this.p = p;
  }

  @Override
  public Tensor forward(Tensor input) {
    return isTraining() && p > 0
        ? Functional.dropout(input, p, Generator.defaultGenerator())
        : input;
  }

  @Override
  public String toString() {
    return "Dropout(p=" + p + ")";
  }
}
