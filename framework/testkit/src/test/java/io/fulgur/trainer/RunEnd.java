package io.fulgur.trainer;

import io.fulgur.Trainer;
import io.fulgur.nn.optimizer.OptimizerState;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where a run is in the end. */
record RunEnd(
    Map<String, List<Double>> weights,
    Map<String, List<Double>> optimizer,
    Map<String, Long> steps,
    List<Double> learningRates,
    long globalStep,
    long batches,
    long loggingStep,
    int epoch,
    double everything,
    long randomSeed,
    long randomOffset) {
  static RunEnd of(Trainer trainer, RestlessModule module) {
    OptimizerState state = module.adam.stateDict(module.namedParameters());
    return new RunEnd(
        values(module.stateDict()),
        values(state.tensors()),
        state.steps(),
        trainer.lrSchedulers().stream()
            .flatMap(schedule -> schedule.learningRates().stream())
            .toList(),
        trainer.globalStep(),
        trainer.totalBatches(),
        trainer.loggingStep(),
        trainer.currentEpoch(),
        module.everything.compute(),
        Generator.defaultGenerator().seed(),
        Generator.defaultGenerator().offset());
  }

  private static Map<String, List<Double>> values(Map<String, Tensor> tensors) {
    Map<String, List<Double>> values = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          List<Double> list = new ArrayList<>();
          for (double value : tensor.toDoubleArray()) {
            list.add(value);
          }
          values.put(name, list);
        });
    return values;
  }
}
