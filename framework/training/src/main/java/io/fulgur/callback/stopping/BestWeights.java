package io.fulgur.callback.stopping;

import io.fulgur.Trainer;
import io.fulgur.callback.AveragedWeights;
import io.fulgur.callback.Callback;
import io.fulgur.checkpoint.State;
import io.fulgur.module.FulgurModule;
import io.fulgur.tensor.Storage;
import io.fulgur.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** A copy of a module's parameters and buffers as they were when a metric was best. */
final class BestWeights {
  private static final String WEIGHTS = "best_weights";

  private final Map<String, Tensor> copies = new LinkedHashMap<>();

  boolean isEmpty() {
    return copies.isEmpty();
  }

  /** Copies the weights that the module was validated with: averaged ones, if there are any. */
  void take(Trainer trainer, FulgurModule module) {
    copies.keySet().retainAll(module.stateDict().keySet());
    module.stateDict().forEach(this::copy);
    for (Callback callback : trainer.callbacks()) {
      if (callback instanceof AveragedWeights averaging) {
        Map<String, Tensor> averaged = averaging.averagedWeights();
        if (averaged != null) {
          averaged.forEach(this::copy);
        }
      }
    }
  }

  private void copy(String name, Tensor source) {
    Tensor known = copies.get(name);
    if (known != null && known.dtype() == source.dtype() && known.shape().equals(source.shape())) {
      known.assign(source);
    } else {
      copies.put(name, source.keep());
    }
  }

  void restore(FulgurModule module) {
    module.loadStateDict(copies);
  }

  /** Frees the copies. */
  void clear() {
    for (Tensor copy : copies.values()) {
      Storage storage = copy.view().storage();
      copy.release();
      storage.free();
    }
    copies.clear();
  }

  State.Builder addTo(State.Builder state) {
    return isEmpty() ? state : state.child(WEIGHTS, State.builder().tensors(copies).build());
  }

  void load(State state) {
    clear();
    if (state.hasChild(WEIGHTS)) {
      state.child(WEIGHTS).tensors().forEach((name, tensor) -> copies.put(name, tensor.keep()));
    }
  }
}
