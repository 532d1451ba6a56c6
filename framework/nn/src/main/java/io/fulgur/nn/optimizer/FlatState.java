package io.fulgur.nn.optimizer;

import io.fulgur.tensor.FlatBuffer;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What an optimizer keeps of one flat buffer: vectors of state of the buffer's layout, and how many
 * steps each parameter has taken.
 */
final class FlatState {
  private final ParameterGroup group;
  private final FlatBuffer buffer;
  private final long[] steps;
  private final Map<String, Tensor> vectors = new LinkedHashMap<>();
  private final List<ParameterRun> runs = new ArrayList<>();

  FlatState(ParameterGroup group, FlatBuffer buffer) {
    this.group = group;
    this.buffer = buffer;
    this.steps = new long[buffer.parameters().size()];
  }

  ParameterGroup group() {
    return group;
  }

  FlatBuffer buffer() {
    return buffer;
  }

  /** Returns how many steps a parameter has taken. */
  long steps(int index) {
    return steps[index];
  }

  /** Returns where the parameters before {@code index} end, with the gap that follows. */
  long end(int index) {
    return index == steps.length ? buffer.elements() : buffer.offset(index);
  }

  Tensor vector(String name) {
    return vectors.computeIfAbsent(name, key -> buffer.newState());
  }

  /** Returns a parameter's part of a vector of state. */
  Tensor part(String name, int index) {
    return buffer.part(vector(name), index);
  }

  /** Overwrites the steps of a parameter and its part of the vectors of state. */
  void restore(int index, long taken, Map<String, Tensor> parts) {
    steps[index] = taken;
    vectors.values().forEach(vector -> buffer.part(vector, index).fill(0));
    parts.forEach((name, part) -> part(name, index).assign(part));
  }

  /**
   * Calls {@code action} with each run of neighbouring parameters that have a gradient and have
   * taken as many steps as each other. Parameters without gradient are skipped, not stepped with
   * zeros, so that neither weight decay nor momentum moves them.
   */
  void forEachRun(Consumer<ParameterRun> action) {
    List<Parameter> parameters = buffer.parameters();
    int from = 0;
    while (from < steps.length) {
      if (!hasGradient(parameters.get(from))) {
        from++;
        continue;
      }
      int to = from + 1;
      while (to < steps.length && steps[to] == steps[from] && hasGradient(parameters.get(to))) {
        to++;
      }
      action.accept(run(from, to));
      from = to;
    }
  }

  /** Counts a step of the parameters {@code [from, to)}. */
  void countStep(int from, int to) {
    for (int i = from; i < to; i++) {
      steps[i]++;
    }
  }

  private static boolean hasGradient(Parameter parameter) {
    return parameter.requiresGrad() && parameter.grad() != null;
  }

  private ParameterRun run(int from, int to) {
    for (int i = 0; i < runs.size(); i++) {
      ParameterRun known = runs.get(i);
      if (known.from() == from && known.to() == to) {
        return known;
      }
    }
    ParameterRun made = new ParameterRun(this, from, to);
    runs.add(made);
    return made;
  }
}
