package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Operator;
import io.fulgur.tensor.OptimizerKernels;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Neighbouring parameters of a group that take the same step together: normally all of them. Their
 * values, gradients and state are vectors on the group's flat memory; or, of an optimizer that
 * steps each parameter alone, tensors of the parameter's shape on it.
 *
 * @since 0.1
 */
public final class ParameterRun {
  private final FlatState state;
  private final int from;
  private final int to;
  private final boolean alone;
  private final Tensor values;
  private final Tensor gradients;
  private final Map<String, Tensor> parts = new LinkedHashMap<>();

  /**
   * Makes a run of the parameters {@code [from, to)}; of one that is {@code alone}, in its shape.
   */
  ParameterRun(FlatState state, int from, int to, boolean alone) {
    this.state = state;
    this.from = from;
    this.to = to;
    this.alone = alone;
    this.values = slice(state.buffer().values());
    this.gradients = slice(state.buffer().gradients());
  }

  private Tensor slice(Tensor vector) {
    return alone
        ? state.buffer().part(vector, from)
        : vector.slice(0, state.buffer().offset(from), state.end(to));
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

  /**
   * Returns state of a shape of its own, to be written to, of a parameter that is alone; zeros when
   * first asked for.
   *
   * @throws IllegalStateException if this may be a run of several parameters
   */
  public Tensor state(String name, Shape shape) {
    if (!alone) {
      throw new IllegalStateException(
          "State of another shape needs stepsEachParameterAlone() to return true");
    }
    return state.shaped(name, from, shape);
  }

  /**
   * Returns a number that is kept of these parameters, which is the same of all.
   *
   * @param initial what it is before their first step
   */
  public double number(String name, double initial) {
    return state.steps(from) == 0 ? initial : state.number(name, from);
  }

  /** Sets a number that is kept of these parameters. */
  public void setNumber(String name, double value) {
    for (int i = from; i < to; i++) {
      state.setNumber(name, i, value);
    }
  }

  /**
   * Takes a step in one operator.
   *
   * @param step one of the {@link io.fulgur.tensor.OptimizerOperators}
   * @param attributes as the operator says
   * @param changed the state that the operator writes to, in its order
   * @param scalars as the operator says
   */
  void apply(Operator step, Object attributes, List<Tensor> changed, double... scalars) {
    View[] outputs = new View[1 + changed.size()];
    outputs[0] = values.view();
    for (int i = 0; i < changed.size(); i++) {
      outputs[1 + i] = changed.get(i).view();
    }
    OptimizerKernels.step(step, attributes, gradients.view(), outputs, scalars);
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
