package io.fulgur.loop;

import io.fulgur.checkpoint.State;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;

/**
 * The losses whose gradients are summed before an optimizer steps, and their weights: the sum
 * becomes the weighted mean {@code Σ wᵢ gᵢ / Σ wᵢ}.
 *
 * <p>The sum of the weights is known only at the end. Losses are therefore divided by what it will
 * be if all of a full window weigh as the first one does, so that gradients have the size they are
 * meant to have while they are summed, and are right without further work in the usual case. At the
 * end gradients are multiplied by what is missing.
 */
final class AccumulationWindow {
  private static final double WHOLE = 1;

  /** What losses of weight 1 are divided by; 0 as long as there is none. */
  private double divisor;

  private double total;

  /** Forgets the losses of the last window. */
  void begin() {
    divisor = 0;
    total = 0;
  }

  /** Returns whether no loss has been added. */
  boolean isEmpty() {
    return divisor == 0;
  }

  /**
   * Adds a loss.
   *
   * @param weight how much it counts, positive
   * @param expected how many losses the window will have if the data does not end before
   * @return the loss to start the backward pass from
   */
  Tensor add(Tensor loss, double weight, int expected) {
    if (isEmpty()) {
      divisor = weight * expected;
    }
    total += weight;
    double share = divisor / weight;
    return share == WHOLE ? loss : loss.div(share);
  }

  State state() {
    return State.builder().put("divisor", divisor).put("total", total).build();
  }

  void load(State state) {
    divisor = state.doubleValue("divisor");
    total = state.doubleValue("total");
  }

  /** Makes the gradients of an optimizer those of the mean, when the window is complete. */
  void complete(Optimizer optimizer) {
    if (total == divisor) {
      return;
    }
    double missing = divisor / total;
    for (ParameterGroup group : optimizer.groups()) {
      for (Parameter parameter : group.parameters()) {
        Tensor gradient = parameter.grad();
        if (gradient != null) {
          gradient.assign(gradient.mul(missing));
        }
      }
    }
  }
}
