package io.fulgur.callback.finetuning;

import io.fulgur.checkpoint.State;
import io.fulgur.nn.optimizer.ParameterGroup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parameter group that was added to an optimizer during training.
 *
 * @param optimizer the index of the optimizer
 * @param learningRate with which it began
 * @param parameters the parameters' names
 * @param group the group; null where it is only known from a checkpoint
 */
record AddedGroup(
    int optimizer, double learningRate, List<String> parameters, @Nullable ParameterGroup group) {
  private static final String OPTIMIZER = "optimizer";
  private static final String LEARNING_RATE = "learning_rate";
  private static final String PARAMETERS = "parameters";

  AddedGroup with(ParameterGroup newGroup) {
    return new AddedGroup(optimizer, learningRate, parameters, newGroup);
  }

  State toState() {
    return State.builder()
        .put(OPTIMIZER, (long) optimizer)
        .put(LEARNING_RATE, learningRate)
        .put(PARAMETERS, parameters)
        .build();
  }

  static AddedGroup of(State state) {
    return new AddedGroup(
        state.intValue(OPTIMIZER),
        state.doubleValue(LEARNING_RATE),
        state.strings(PARAMETERS),
        null);
  }
}
