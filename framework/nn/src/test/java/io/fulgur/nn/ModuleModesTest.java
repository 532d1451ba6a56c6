package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModuleModesTest {
  private final Dropout inner = new Dropout(0.5);
  private final Linear linear = new Linear(2, 2);
  private final Sequential part = new Sequential(linear, inner);

  private final Module root =
      new Module() {
        private final Map<String, Module> parts = Map.of("part", part);

        @Override
        public Tensor forward(Tensor input) {
          return parts.get("part").forward(input);
        }
      };

  @Test
  void modules_startInTrainingMode() {
    assertThat(root.isTraining()).isTrue();
    assertThat(inner.isTraining()).isTrue();
  }

  @Test
  void eval_reachesAllModulesBelow() {
    root.eval();
    assertThat(root.isTraining()).isFalse();
    assertThat(part.isTraining()).isFalse();
    assertThat(inner.isTraining()).isFalse();
    root.train();
    assertThat(inner.isTraining()).isTrue();
  }

  @Test
  void eval_ofAPart_leavesTheRest() {
    part.eval();
    assertThat(root.isTraining()).isTrue();
    assertThat(inner.isTraining()).isFalse();
  }

  @Test
  void trainableParameters_someFrozen_areTheOthers() {
    root.freeze("*.weight");

    assertThat(root.trainableParameters()).containsExactly(linear.bias());
    root.unfreeze();
    assertThat(root.trainableParameters()).containsExactlyElementsOf(root.parameters());
  }

  @Test
  void trainingModes_restored_areThoseOfEachModule() {
    inner.eval();
    TrainingModes modes = TrainingModes.of(root);
    root.eval();
    modes.restore();
    assertThat(root.isTraining()).isTrue();
    assertThat(linear.isTraining()).isTrue();
    assertThat(inner.isTraining()).isFalse();
  }

  @Test
  void trainingModes_ofNestedModulesThatDiffer_areNotPassedDown() {
    List<Module> nested = new ArrayList<>();
    Module current = new Identity();
    for (int depth = 0; depth < 12; depth++) {
      nested.add(current);
      current = new Sequential(current);
    }
    for (int depth = nested.size() - 1; depth >= 0; depth--) {
      nested.get(depth).train(depth % 2 == 0);
    }
    TrainingModes modes = TrainingModes.of(current);
    current.eval();
    modes.restore();
    for (int depth = 0; depth < nested.size(); depth++) {
      assertThat(nested.get(depth).isTraining()).as("depth %d", depth).isEqualTo(depth % 2 == 0);
    }
  }

  @Test
  void freeze_stopsGradientsOfAllParametersBelow() {
    root.forward(Tensor.ones(1, 2)).sum().backward();
    root.freeze();
    assertThat(root.parameters()).noneMatch(Tensor::requiresGrad);
    assertThat(linear.weight().grad()).isNull();
    assertThat(root.forward(Tensor.ones(1, 2)).requiresGrad()).isFalse();
    root.unfreeze();
    assertThat(root.parameters()).allMatch(Tensor::requiresGrad);
  }

  @Test
  void zeroGrad_forgetsGradients() {
    root.forward(Tensor.ones(1, 2)).sum().backward();
    assertThat(linear.weight().grad()).isNotNull();
    root.zeroGrad();
    assertThat(linear.weight().grad()).isNull();
  }
}
