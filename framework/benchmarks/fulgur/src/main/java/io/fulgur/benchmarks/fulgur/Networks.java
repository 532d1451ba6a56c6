package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.Mlp;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Module;
import io.fulgur.nn.ReLU;
import io.fulgur.nn.Sequential;
import io.fulgur.tensor.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The models, made of our layers. */
final class Networks {
  private Networks() {}

  static Sequential mlp(Mlp mlp) {
    List<Module> layers = new ArrayList<>();
    for (int i = 0; i < mlp.layers(); i++) {
      if (i > 0) {
        layers.add(new ReLU());
      }
      layers.add(new Linear(mlp.layerSizes().get(i), mlp.layerSizes().get(i + 1)));
    }
    return new Sequential(layers);
  }

  static Map<String, String> details() {
    return Map.of("engine", Engine.defaultEngine().description());
  }
}
