package io.fulgur.nn.optimizer;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Saves and loads an optimizer's state by the names of its parameters. */
final class StateDicts {
  private static final String BASE_LEARNING_RATE = "baseLearningRate";

  private final Optimizer optimizer;
  private final List<FlatState> states;
  private final IdentityHashMap<Parameter, String> names = new IdentityHashMap<>();
  private final List<String> mistakes = new ArrayList<>();

  StateDicts(Optimizer optimizer, List<FlatState> states, Map<String, Parameter> parameters) {
    this.optimizer = optimizer;
    this.states = states;
    parameters.forEach((name, parameter) -> names.put(parameter, name));
  }

  /** Does something with each parameter. */
  @FunctionalInterface
  private interface Visitor {
    void visit(String name, FlatState state, int index);
  }

  private void forEachParameter(Visitor visitor) {
    for (FlatState state : states) {
      List<Parameter> parameters = state.buffer().parameters();
      for (int i = 0; i < parameters.size(); i++) {
        visitor.visit(nameOf(parameters.get(i)), state, i);
      }
    }
  }

  private String nameOf(Parameter parameter) {
    String name = names.get(parameter);
    if (name == null) {
      throw new FulgurException(
          ErrorId.OPTIMIZER_STATE_MISMATCH,
          "%s has a parameter %s%s that is not among the named ones, so its state cannot be saved or"
                  .formatted(optimizer.name(), parameter.dtype(), parameter.shape())
              + " loaded. Keep the module that it belongs to in a field of the one that is saved.");
    }
    return name;
  }

  OptimizerState save() {
    List<Map<String, Double>> groups = new ArrayList<>();
    for (ParameterGroup group : optimizer.groups()) {
      Map<String, Double> numbers = new LinkedHashMap<>(group.hyperparameters());
      numbers.put(BASE_LEARNING_RATE, group.baseLearningRate());
      groups.add(numbers);
    }
    Map<String, Long> steps = new LinkedHashMap<>();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    forEachParameter(
        (name, state, index) -> {
          steps.put(name, state.steps(index));
          if (state.steps(index) > 0) {
            parts(state, index, state.group().hyperparameters())
                .forEach((part, kind) -> tensors.put(name + "." + part, kind.read().get()));
          }
        });
    return new OptimizerState(optimizer.name(), groups, steps, tensors);
  }

  void load(OptimizerState saved) {
    if (!saved.optimizer().equals(optimizer.name())) {
      mistakes.add(
          "It is the state of %s; make that optimizer, or leave the state out."
              .formatted(saved.optimizer()));
    } else {
      compareGroups(saved);
      if (mistakes.isEmpty()) {
        compareParameters(saved);
      }
    }
    if (!mistakes.isEmpty()) {
      StringBuilder text = new StringBuilder();
      text.append(
          "The saved state does not fit %s; nothing was loaded.".formatted(optimizer.name()));
      for (int i = 0; i < mistakes.size(); i++) {
        text.append("\n   %d) %s".formatted(i + 1, mistakes.get(i)));
      }
      throw new FulgurException(ErrorId.OPTIMIZER_STATE_MISMATCH, text.toString());
    }
    apply(saved);
  }

  private void compareGroups(OptimizerState saved) {
    List<ParameterGroup> groups = optimizer.groups();
    if (saved.groups().size() != groups.size()) {
      mistakes.add(
          "It has %d parameter groups, but the optimizer has %d."
              .formatted(saved.groups().size(), groups.size()));
      return;
    }
    for (int g = 0; g < groups.size(); g++) {
      Map<String, Double> numbers = saved.groups().get(g);
      Set<String> expected = new LinkedHashSet<>(groups.get(g).hyperparameters().keySet());
      expected.add(BASE_LEARNING_RATE);
      for (String key : expected) {
        Double value = numbers.get(key);
        if (value == null) {
          mistakes.add("Group %d: %s is missing.".formatted(g, key));
        } else {
          String group = "Group %d: ".formatted(g);
          groups.get(g).complaint(key, value).ifPresent(text -> mistakes.add(group + text));
        }
      }
      for (String key : numbers.keySet()) {
        if (!expected.contains(key)) {
          mistakes.add("Group %d: %s is unexpected.".formatted(g, key));
        }
      }
    }
  }

  private void compareParameters(OptimizerState saved) {
    Set<String> expectedSteps = new LinkedHashSet<>();
    Set<String> expectedTensors = new LinkedHashSet<>();
    forEachParameter(
        (name, state, index) -> {
          expectedSteps.add(name);
          Long steps = saved.steps().get(name);
          if (steps == null) {
            mistakes.add("Missing: the state of %s.".formatted(name));
          } else if (steps < 0) {
            mistakes.add("%s has taken %d steps; allowed is 0 or more.".formatted(name, steps));
          } else if (steps > 0) {
            compareTensors(saved, name, state, index, expectedTensors);
          }
        });
    for (String name : saved.steps().keySet()) {
      if (!expectedSteps.contains(name)) {
        mistakes.add("Unexpected: the state of %s.".formatted(name));
      }
    }
    for (String name : saved.tensors().keySet()) {
      String owner = name.substring(0, Math.max(0, name.lastIndexOf('.')));
      // Where the whole state of a parameter is missing or unexpected, that has been said.
      boolean reported = expectedSteps.contains(owner) != saved.steps().containsKey(owner);
      if (!expectedTensors.contains(name) && !reported) {
        mistakes.add("Unexpected: %s.".formatted(name));
      }
    }
  }

  private void compareTensors(
      OptimizerState saved, String name, FlatState state, int index, Set<String> expectedTensors) {
    Parameter parameter = state.buffer().parameters().get(index);
    Map<String, Double> numbers = saved.groups().get(optimizer.groups().indexOf(state.group()));
    parts(state, index, numbers)
        .forEach(
            (part, kind) -> {
              String key = name + "." + part;
              expectedTensors.add(key);
              Tensor tensor = saved.tensors().get(key);
              if (tensor == null) {
                mistakes.add("Missing: %s.".formatted(key));
              } else if (!tensor.shape().equals(kind.shape()) || tensor.dtype() != kind.dtype()) {
                mistakes.add(
                    "%s is %s%s, but %s%s%s."
                        .formatted(
                            key,
                            tensor.dtype(),
                            tensor.shape(),
                            kind.shape().equals(parameter.shape())
                                ? "the parameter is "
                                : "is to be ",
                            kind.dtype(),
                            kind.shape()));
              }
            });
  }

  private Map<String, StatePart> parts(
      FlatState state, int index, Map<String, Double> hyperparameters) {
    return StatePart.of(optimizer, state, index, hyperparameters);
  }

  private void apply(OptimizerState saved) {
    List<ParameterGroup> groups = optimizer.groups();
    for (int g = 0; g < groups.size(); g++) {
      groups.get(g).restore(saved.groups().get(g), BASE_LEARNING_RATE);
    }
    forEachParameter(
        (name, state, index) -> {
          long steps = saved.steps().getOrDefault(name, 0L);
          state.restart(index, steps);
          if (steps > 0) {
            parts(state, index, state.group().hyperparameters())
                .forEach(
                    (part, kind) -> kind.write().accept(saved.tensors().get(name + "." + part)));
          }
        });
  }
}
