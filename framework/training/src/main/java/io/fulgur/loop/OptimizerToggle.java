package io.fulgur.loop;

import io.fulgur.module.ManualOptimizer;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import io.fulgur.tensor.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Keeps the parameters of all optimizers but one from getting gradients for a while. */
final class OptimizerToggle implements ManualOptimizer.Toggle {
  private final Parameter[] others;
  private final boolean[] before;
  private boolean open;

  OptimizerToggle(Optimizer optimizer, List<Optimizer> all) {
    Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    seen.addAll(parameters(optimizer));
    List<Parameter> found = new ArrayList<>();
    for (Optimizer each : all) {
      for (Parameter parameter : parameters(each)) {
        if (seen.add(parameter)) {
          found.add(parameter);
        }
      }
    }
    others = found.toArray(Parameter[]::new);
    before = new boolean[others.length];
  }

  private static List<Parameter> parameters(Optimizer optimizer) {
    return optimizer.groups().stream()
        .map(ParameterGroup::parameters)
        .flatMap(List::stream)
        .toList();
  }

  /** Begins the time; returns this. */
  OptimizerToggle begin() {
    if (!open) {
      open = true;
      for (int i = 0; i < others.length; i++) {
        before[i] = others[i].requiresGrad();
        others[i].requiresGrad(false);
      }
    }
    return this;
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      for (int i = 0; i < others.length; i++) {
        others[i].requiresGrad(before[i]);
      }
    }
  }
}
