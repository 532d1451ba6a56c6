package io.fulgur.tune;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.module.FulgurModule;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.OptimizerState;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the state of a trial's optimizers from before the first step: a module may make them once
 * and use them for every fit. Schedules have no part in a trial.
 */
final class OptimizerSnapshot implements Callback {
  private record Saved(Optimizer optimizer, OptimizerState state) {}

  private final List<Saved> optimizers = new ArrayList<>();

  @Override
  public void onFitStart(Trainer trainer, FulgurModule module) {
    for (Optimizer optimizer : trainer.optimizers()) {
      OptimizerState state = optimizer.stateDict(module.namedParameters());
      Map<String, Tensor> copies = new LinkedHashMap<>();
      state.tensors().forEach((name, tensor) -> copies.put(name, tensor.keep()));
      optimizers.add(
          new Saved(
              optimizer,
              new OptimizerState(state.optimizer(), state.groups(), state.steps(), copies)));
    }
  }

  /** Puts everything back and frees the copies. */
  void restore(FulgurModule module) {
    for (Saved saved : optimizers) {
      saved.optimizer().zeroGrad();
      saved.optimizer().loadStateDict(saved.state(), module.namedParameters());
      saved.state().tensors().values().forEach(RunSnapshot::free);
    }
    optimizers.clear();
  }
}
