package io.fulgur.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.nn.schedule.OneCycleLR;
import io.fulgur.nn.schedule.StepLR;
import io.fulgur.nn.testing.Optimizers;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AddGroupTest {
  private final Parameter first = Parameter.of(Tensor.of(new float[] {1, -2, 3}, 3));
  private final Parameter second = Parameter.of(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));

  private void step(Optimizer optimizer, Parameter... parameters) {
    optimizer.zeroGrad();
    for (Parameter parameter : parameters) {
      parameter.square().sum().backward();
    }
    optimizer.step();
  }

  static Stream<Arguments> optimizers() {
    return Optimizers.all().entrySet().stream()
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  /** What is there goes on bit by bit, whatever takes its first steps beside it. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("optimizers")
  void addGroup_afterSteps_leavesTheOthersAsTheyAre(
      String name, Function<List<Parameter>, Optimizer> factory) {
    Parameter bias = Parameter.of(Tensor.ones(2));
    Parameter firstAlone = Parameter.of(first);
    Parameter biasAlone = Parameter.of(bias);
    Optimizer alone = factory.apply(List.of(firstAlone, biasAlone));
    Optimizer joined = factory.apply(List.of(first, bias));
    int groups = joined.groups().size();
    for (int i = 0; i < 3; i++) {
      step(alone, firstAlone, biasAlone);
      step(joined, first, bias);
    }
    joined.addGroup(ParameterGroup.of(List.of(second)));
    float[] before = second.toFloatArray();
    for (int i = 0; i < 3; i++) {
      step(alone, firstAlone, biasAlone);
      step(joined, first, bias, second);
    }

    assertThat(first.toFloatArray()).containsExactly(firstAlone.toFloatArray());
    assertThat(bias.toFloatArray()).containsExactly(biasAlone.toFloatArray());
    assertThat(second.toFloatArray()).isNotEqualTo(before);
    assertThat(joined.groups()).hasSize(groups + 1);
  }

  @Test
  void addGroup_afterSteps_startsAsInANewOptimizer() {
    Parameter alone = Parameter.of(second);
    Optimizer fresh = Adam.of(List.of(alone)).learningRate(0.1);
    Optimizer joined = Adam.of(List.of(first)).learningRate(0.1);
    step(joined, first);
    joined.addGroup(ParameterGroup.of(List.of(second)));
    for (int i = 0; i < 3; i++) {
      step(fresh, alone);
      step(joined, first, second);
    }

    assertThat(second.toFloatArray()).containsExactly(alone.toFloatArray());
  }

  @Test
  void addGroup_choices_goBeforeWhatWasSetForAll() {
    Optimizer optimizer = SGD.of(List.of(first)).learningRate(0.1).momentum(0.9).weightDecay(0.01);

    optimizer.addGroup(ParameterGroup.of(List.of(second)).learningRate(0.002));

    ParameterGroup added = optimizer.groups().get(1);
    assertThat(added.learningRate()).isEqualTo(0.002);
    assertThat(added.baseLearningRate()).isEqualTo(0.002);
    assertThat(added.get("momentum")).isEqualTo(0.9);
    assertThat(added.get("weightDecay")).isEqualTo(0.01);
  }

  @Test
  void stateDict_withAnAddedGroup_goesIntoAnotherOfTheSameGroups() {
    Map<String, Parameter> names = Map.of("first", first, "second", second);
    Optimizer optimizer = Adam.of(List.of(first)).learningRate(0.1);
    step(optimizer, first);
    optimizer.addGroup(ParameterGroup.of(List.of(second)).learningRate(0.01));
    step(optimizer, first, second);
    OptimizerState saved = optimizer.stateDict(names);

    assertThat(saved.steps()).isEqualTo(Map.of("first", 2L, "second", 1L));

    Parameter firstAgain = Parameter.of(first);
    Parameter secondAgain = Parameter.of(second);
    Optimizer again = Adam.of(List.of(firstAgain));
    again.addGroup(ParameterGroup.of(List.of(secondAgain)));
    again.loadStateDict(saved, Map.of("first", firstAgain, "second", secondAgain));
    step(optimizer, first, second);
    step(again, firstAgain, secondAgain);

    assertThat(firstAgain.toFloatArray()).containsExactly(first.toFloatArray());
    assertThat(secondAgain.toFloatArray()).containsExactly(second.toFloatArray());
  }

  @Test
  void step_ofASchedule_takesInAnAddedGroupIfItIsAFormula() {
    Optimizer optimizer = SGD.of(List.of(first)).learningRate(0.4);
    LearningRateScheduler step = new StepLR(optimizer, 1, 0.5);
    optimizer.addGroup(ParameterGroup.of(List.of(second)).learningRate(0.1));
    step.step();

    assertThat(step.learningRates()).containsExactly(0.2, 0.05);
  }

  @Test
  void step_ofAScheduleWithNumbersOfEachGroup_leavesAnAddedGroupAlone() {
    Optimizer optimizer = SGD.of(List.of(first)).learningRate(0.4);
    LearningRateScheduler cycle = OneCycleLR.of(optimizer, 1, 10).cycleMomentum(false).build();
    optimizer.addGroup(ParameterGroup.of(List.of(second)).learningRate(0.1));
    cycle.step();

    assertThat(cycle.learningRates().get(1)).isEqualTo(0.1);
  }

  @Test
  void addGroup_ofAParameterThatIsThere_saysSoAndAddsNothing() {
    Optimizer optimizer = SGD.of(List.of(first)).learningRate(0.1);

    assertThatThrownBy(() -> optimizer.addGroup(ParameterGroup.of(List.of(second, first))))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.INVALID_ARGUMENT))
        .hasMessage(
            "[InvalidArgument] SGD: parameter 1 of group 1, F32[3], is there a second time. Each may"
                + " be given once.");
    assertThat(optimizer.groups()).hasSize(1);
  }

  @Test
  void addGroup_empty_saysSo() {
    Optimizer optimizer = SGD.of(List.of(first)).learningRate(0.1);

    assertThatThrownBy(() -> optimizer.addGroup(ParameterGroup.of(List.of())))
        .hasMessage(
            "[InvalidArgument] SGD: group 1 has no parameters. Does the module keep its layers in"
                + " fields?");
  }
}
