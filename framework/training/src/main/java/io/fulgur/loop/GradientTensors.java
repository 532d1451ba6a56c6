package io.fulgur.loop;

import io.fulgur.module.FulgurModule;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** The gradients of a module's parameters, by name. */
final class GradientTensors {
  private GradientTensors() {}

  /** Returns those that there are; they share their memory with the parameters. */
  static Map<String, Tensor> of(Map<String, Parameter> parameters) {
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    parameters.forEach(
        (name, parameter) -> {
          Tensor gradient = parameter.grad();
          if (gradient != null) {
            gradients.put(name, gradient.detach());
          }
        });
    return gradients;
  }

  /** Gives parameters the gradients that were saved; others have none then. */
  static void restore(FulgurModule module, Map<String, Tensor> saved) {
    module
        .namedParameters()
        .forEach(
            (name, parameter) -> {
              Tensor gradient = saved.get(name);
              parameter.zeroGrad();
              if (gradient != null && parameter.requiresGrad()) {
                parameter.backward(gradient);
              }
            });
  }
}
