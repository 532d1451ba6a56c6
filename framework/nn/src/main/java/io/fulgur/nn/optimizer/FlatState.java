package io.fulgur.nn.optimizer;

import io.fulgur.tensor.FlatBuffer;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an optimizer keeps of one flat buffer: vectors of state of the buffer's layout, state of
 * other shapes and numbers of each parameter, and how many steps each has taken.
 */
final class FlatState {
  private final ParameterGroup group;
  private final FlatBuffer buffer;
  private final long[] steps;
  private final Map<String, Tensor> vectors = new LinkedHashMap<>();
  private final Map<String, Tensor[]> shaped = new LinkedHashMap<>();
  private final Map<String, double[]> numbers = new LinkedHashMap<>();
  private final List<ParameterRun> runs = new ArrayList<>();
  private final @Nullable ParameterRun[] alone;

  FlatState(ParameterGroup group, FlatBuffer buffer) {
    this.group = group;
    this.buffer = buffer;
    this.steps = new long[buffer.parameters().size()];
    this.alone = new ParameterRun[steps.length];
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

  /** Returns a parameter's state of a shape of its own. */
  Tensor shaped(String name, int index, Shape shape) {
    @Nullable Tensor[] all = shaped.computeIfAbsent(name, key -> new Tensor[steps.length]);
    Tensor part = all[index];
    if (part == null) {
      part = buffer.newState(shape);
      all[index] = part;
    }
    return part;
  }

  double number(String name, int index) {
    double[] all = numbers.get(name);
    return all == null ? 0 : all[index];
  }

  void setNumber(String name, int index, double value) {
    numbers.computeIfAbsent(name, key -> new double[steps.length])[index] = value;
  }

  /** Overwrites the steps of a parameter with saved ones and forgets its state. */
  void restart(int index, long taken) {
    steps[index] = taken;
    vectors.values().forEach(vector -> buffer.part(vector, index).fill(0));
    for (@Nullable Tensor[] all : shaped.values()) {
      Tensor part = all[index];
      if (part != null) {
        part.fill(0);
      }
    }
    numbers.values().forEach(all -> all[index] = 0);
  }

  /**
   * Calls {@code action} with each run of neighbouring parameters that have a gradient and have
   * taken as many steps as each other, and the same ones. Parameters without gradient are skipped,
   * not stepped with zeros, so that neither weight decay nor momentum moves them.
   *
   * @param separately whether each parameter is a run, in its shape
   */
  void forEachRun(Consumer<ParameterRun> action, boolean separately) {
    List<Parameter> parameters = buffer.parameters();
    int from = 0;
    while (from < steps.length) {
      if (!hasGradient(parameters.get(from))) {
        from++;
      } else if (separately) {
        action.accept(alone(from));
        from++;
      } else {
        int to = from + 1;
        while (to < steps.length && sameHistory(from, to) && hasGradient(parameters.get(to))) {
          to++;
        }
        action.accept(run(from, to));
        from = to;
      }
    }
  }

  private boolean sameHistory(int one, int other) {
    if (steps[one] != steps[other]) {
      return false;
    }
    if (!numbers.isEmpty()) {
      for (double[] all : numbers.values()) {
        if (all[one] != all[other]) {
          return false;
        }
      }
    }
    return true;
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
    ParameterRun made = new ParameterRun(this, from, to, /* alone= */ false);
    runs.add(made);
    return made;
  }

  private ParameterRun alone(int index) {
    ParameterRun known = alone[index];
    if (known == null) {
      known = new ParameterRun(this, index, index + 1, /* alone= */ true);
      alone[index] = known;
    }
    return known;
  }
}
