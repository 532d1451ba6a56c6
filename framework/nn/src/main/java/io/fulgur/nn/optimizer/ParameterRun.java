package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Neighbouring parameters of a group that take the same step together: normally all of them. Their
 * values, gradients and state are vectors on the group's flat memory.
 *
 * @since 0.1
 */
public final class ParameterRun {
  private final FlatState state;
  private final int from;
  private final int to;
  private final Tensor values;
  private final Tensor gradients;
  private final Map<String, Tensor> parts = new LinkedHashMap<>();

  ParameterRun(FlatState state, int from, int to) {
    this.state = state;
    this.from = from;
    this.to = to;
    this.values = slice(state.buffer().values());
    this.gradients = slice(state.buffer().gradients());
  }

  private Tensor slice(Tensor vector) {
    return vector.slice(0, state.buffer().offset(from), state.end(to));
  }

  /** Returns the group, for its hyperparameters. */
  public ParameterGroup group() {
    return state.group();
  }

  /** Returns the number of this step for these parameters, from 1. */
  public long step() {
    return state.steps(from) + 1;
  }

  /** Returns the values, to be written to. */
  public Tensor values() {
    return values;
  }

  /** Returns the gradients. */
  public Tensor gradients() {
    return gradients;
  }

  /** Returns a vector of the optimizer's state, to be written to; zeros when first asked for. */
  public Tensor state(String name) {
    Tensor part = parts.get(name);
    if (part == null) {
      part = slice(state.vector(name));
      parts.put(name, part);
    }
    return part;
  }

  void countStep() {
    state.countStep(from, to);
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }
}
