package io.fulgur.loop;

import io.fulgur.checkpoint.State;
import io.fulgur.nn.optimizer.OptimizerState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns the state of optimizers and schedulers into what a checkpoint holds, and back. */
final class OptimizerStates {
  private static final String OPTIMIZER = "optimizer";
  private static final String GROUPS = "groups";
  private static final String STEPS = "steps";

  private OptimizerStates() {}

  static State toState(OptimizerState saved) {
    State.Builder groups = State.builder();
    for (int i = 0; i < saved.groups().size(); i++) {
      groups.child(Integer.toString(i), numbers(saved.groups().get(i)));
    }
    State.Builder steps = State.builder();
    saved.steps().forEach((name, count) -> steps.put(name, count.longValue()));
    return State.builder()
        .put(OPTIMIZER, saved.optimizer())
        .child(GROUPS, groups.build())
        .child(STEPS, steps.build())
        .tensors(saved.tensors())
        .build();
  }

  static OptimizerState fromState(State state) {
    List<Map<String, Double>> groups = new ArrayList<>();
    State savedGroups = state.child(GROUPS);
    for (int i = 0; i < savedGroups.children().size(); i++) {
      groups.add(numbers(savedGroups.child(Integer.toString(i))));
    }
    Map<String, Long> steps = new LinkedHashMap<>();
    State savedSteps = state.child(STEPS);
    savedSteps.valueNames().forEach(name -> steps.put(name, savedSteps.longValue(name)));
    return new OptimizerState(state.stringValue(OPTIMIZER), groups, steps, state.tensors());
  }

  static State numbers(Map<String, Double> values) {
    State.Builder state = State.builder();
    values.forEach((name, value) -> state.put(name, value.doubleValue()));
    return state.build();
  }

  static Map<String, Double> numbers(State state) {
    Map<String, Double> values = new LinkedHashMap<>();
    state.valueNames().forEach(name -> values.put(name, state.doubleValue(name)));
    return values;
  }
}
