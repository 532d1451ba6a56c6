package io.fulgur.nn.optimizer;

import io.fulgur.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that a checkpoint holds of an optimizer. All but the tensors is plain numbers and
 * text.
 *
 * @param optimizer the optimizer's name, e.g. {@code AdamW}
 * @param groups the hyperparameters of each parameter group, and its {@code baseLearningRate}
 * @param steps how many steps each parameter has taken, by the parameter's name
 * @param tensors the state by the parameter's name and its own, e.g. {@code
 *     net.0.weight.firstMoment}; none for a parameter that has taken no step
 * @since 0.1
 */
public record OptimizerState(
    String optimizer,
    List<Map<String, Double>> groups,
    Map<String, Long> steps,
    Map<String, Tensor> tensors) {

  /** Makes a state of copies of the lists and maps, which keep their order. */
  public OptimizerState {
    groups = groups.stream().map(OptimizerState::copy).toList();
    steps = copy(steps);
    tensors = copy(tensors);
  }

  private static <V> Map<String, V> copy(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
