package io.fulgur.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Shows that an optimizer can be written on the public surface alone. */
class CustomOptimizerTest {

  /** Signs of a momentum: J. Bernstein et al., "signSGD", ICML 2018. */
  private static final class Signum extends Optimizer {
    Signum(List<ParameterGroup> groups) {
      super(
          groups,
          List.of(
              Hyperparameter.nonNegative(Hyperparameter.LEARNING_RATE, 1e-4),
              Hyperparameter.fraction("beta", 0.99)));
    }

    Signum learningRate(double value) {
      setAll(Hyperparameter.LEARNING_RATE, value);
      return this;
    }

    @Override
    protected Set<String> stateNames(Map<String, Double> hyperparameters) {
      return Set.of("momentum");
    }

    @Override
    protected void update(ParameterRun run) {
      double beta = run.group().get("beta");
      Tensor momentum = run.state("momentum");
      momentum.assign(momentum.mul(beta).add(run.gradients().mul(1 - beta)));
      Tensor step = momentum.sign().mul(run.group().learningRate());
      run.values().assign(run.values().sub(step));
    }
  }

  @Test
  void optimizer_writtenByAUser_stepsSavesAndLoads() {
    Parameter first = Parameter.of(Tensor.zeros(3));
    Parameter second = Parameter.of(Tensor.ones(2, 2));
    Signum signum =
        new Signum(List.of(ParameterGroup.of(List.of(first, second)))).learningRate(0.5);
    for (int i = 0; i < 3; i++) {
      try (StepScope ignored = StepScope.open("signum")) {
        signum.zeroGrad();
        first.sum().sub(second.sum()).backward();
        signum.step();
      }
    }
    assertThat(first.toFloatArray()).containsOnly(-1.5f);
    assertThat(second.toFloatArray()).containsOnly(2.5f);

    Map<String, Parameter> names = Map.of("a", first, "b", second);
    OptimizerState state = signum.stateDict(names);
    assertThat(state.optimizer()).isEqualTo("Signum");
    assertThat(state.tensors().keySet()).containsExactly("a.momentum", "b.momentum");
    double momentum = 1 - 0.99 * 0.99 * 0.99;
    assertThat(state.tensors().get("a.momentum").toDoubleArray()[0])
        .isBetween(momentum - 1e-6, momentum + 1e-6);

    Parameter third = Parameter.of(Tensor.zeros(3));
    Parameter fourth = Parameter.of(Tensor.ones(2, 2));
    Signum other = new Signum(List.of(ParameterGroup.of(List.of(third, fourth))));
    other.loadStateDict(state, Map.of("a", third, "b", fourth));
    assertThat(other.groups().get(0).learningRate()).isEqualTo(0.5);
    assertThat(
            other
                .stateDict(Map.of("a", third, "b", fourth))
                .tensors()
                .get("b.momentum")
                .toFloatArray())
        .containsExactly(state.tensors().get("b.momentum").toFloatArray());
  }
}
