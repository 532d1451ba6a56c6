package io.fulgur.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Losses;
import io.fulgur.nn.Module;
import io.fulgur.nn.Sequential;
import io.fulgur.nn.Tanh;
import io.fulgur.nn.schedule.CosineAnnealingLR;
import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.nn.testing.Optimizers;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerStateTest {

  /** A network in training, at some point. */
  private static final class Run {
    final Module model = new Sequential(new Linear(3, 4), new Tanh(), new Linear(4, 2));
    final Optimizer optimizer;
    final LearningRateScheduler schedule;

    Run(Function<Module, Optimizer> factory) {
      optimizer = factory.apply(model);
      schedule = new CosineAnnealingLR(optimizer, 20);
    }

    void train(int from, int to) {
      for (int i = from; i < to; i++) {
        Generator data = new Generator(i);
        try (StepScope ignored = StepScope.open("OptimizerStateTest")) {
          Tensor x = Tensor.normal(data, 0, 1, DType.F32, 5, 3);
          Tensor y = Tensor.normal(data, 0, 1, DType.F32, 5, 2);
          optimizer.zeroGrad();
          Losses.mse(model.forward(x), y).backward();
          optimizer.step();
        }
        schedule.step();
      }
    }

    Map<String, float[]> values() {
      Map<String, float[]> values = new LinkedHashMap<>();
      model.stateDict().forEach((name, tensor) -> values.put(name, tensor.toFloatArray()));
      optimizer
          .stateDict(model.namedParameters())
          .tensors()
          .forEach((name, tensor) -> values.put("state of " + name, tensor.toFloatArray()));
      return values;
    }
  }

  static Stream<Arguments> optimizers() {
    return Optimizers.all().entrySet().stream()
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("optimizers")
  void resumed_isBitwiseEqualToUninterrupted(
      String name, Function<List<Parameter>, Optimizer> factory) {
    Run whole = new Run(m -> factory.apply(m.parameters()));
    Run resumed = new Run(m -> factory.apply(m.parameters()));
    whole.train(0, 7);
    resumed.train(0, 3); // So that there is other state to be overwritten.
    resumed.model.loadStateDict(whole.model.stateDict());
    resumed.optimizer.loadStateDict(
        whole.optimizer.stateDict(whole.model.namedParameters()), resumed.model.namedParameters());
    resumed.schedule.loadStateDict(whole.schedule.stateDict());

    whole.train(7, 19);
    resumed.train(7, 19);

    assertThat(resumed.schedule.learningRates()).isEqualTo(whole.schedule.learningRates());
    assertThat(resumed.values().keySet()).isEqualTo(whole.values().keySet());
    whole
        .values()
        .forEach((key, values) -> assertThat(resumed.values().get(key)).as(key).isEqualTo(values));
  }

  @Test
  void stateDict_ofAdafactor_holdsMeansOfRowsAndColumns() {
    Run run = new Run(m -> Adafactor.of(m.parameters()));
    run.train(0, 2);
    Map<String, Tensor> tensors = stateOf(run).tensors();
    assertThat(tensors.keySet())
        .containsExactly(
            "0.weight.columns",
            "0.weight.rows",
            "0.bias.squares",
            "2.weight.columns",
            "2.weight.rows",
            "2.bias.squares");
    assertThat(tensors.get("0.weight.rows").shape()).isEqualTo(Shape.of(4));
    assertThat(tensors.get("0.weight.columns").shape()).isEqualTo(Shape.of(3));
  }

  @Test
  void loadStateDict_ofAdafactorWithOtherShapes_saysWhatIsExpected() {
    Run run = new Run(m -> Adafactor.of(m.parameters()));
    run.train(0, 1);
    OptimizerState good = stateOf(run);
    Map<String, Tensor> tensors = new LinkedHashMap<>(good.tensors());
    tensors.put("0.weight.rows", Tensor.zeros(3));
    OptimizerState bad = new OptimizerState("Adafactor", good.groups(), good.steps(), tensors);
    assertThatThrownBy(() -> run.optimizer.loadStateDict(bad, run.model.namedParameters()))
        .hasMessageEndingWith("1) 0.weight.rows is F32[3], but is to be F32[4].");
  }

  @Test
  void stateDict_ofNAdam_holdsTheProductOfMomentaInDoublePrecision() {
    Run run = new Run(m -> NAdam.of(m.parameters()).momentumDecay(0));
    run.train(0, 3);
    Tensor product = stateOf(run).tensors().get("0.bias.momentumProduct");
    assertThat(product.dtype()).isEqualTo(DType.F64);
    assertThat(product.item()).isEqualTo(0.45 * 0.45 * 0.45);
  }

  private static OptimizerState stateOf(Run run) {
    return run.optimizer.stateDict(run.model.namedParameters());
  }

  private static Run adamRun(int steps) {
    Run run = new Run(m -> Adam.of(m.parameters()).learningRate(0.1));
    run.train(0, steps);
    return run;
  }

  @Test
  void stateDict_isByTheNamesOfParameters() {
    OptimizerState state = stateOf(adamRun(3));
    assertThat(state.optimizer()).isEqualTo("Adam");
    assertThat(state.steps())
        .containsExactly(
            Map.entry("0.weight", 3L),
            Map.entry("0.bias", 3L),
            Map.entry("2.weight", 3L),
            Map.entry("2.bias", 3L));
    assertThat(state.tensors().keySet())
        .contains("0.weight.firstMoment", "0.weight.secondMoment")
        .hasSize(8);
    assertThat(state.groups().get(0)).containsEntry("baseLearningRate", 0.1);
  }

  @Test
  void stateDict_beforeTheFirstStep_hasNoTensors() {
    assertThat(stateOf(adamRun(0)).tensors()).isEmpty();
  }

  @Test
  void loadStateDict_ofOtherHyperparameters_takesTheSavedOnes() {
    Run saved = new Run(m -> SGD.of(m.parameters()).learningRate(0.1).weightDecay(0.3));
    saved.train(0, 4);
    Run other = new Run(m -> SGD.of(m.parameters()).learningRate(0.7));
    other.optimizer.loadStateDict(stateOf(saved), other.model.namedParameters());
    ParameterGroup group = other.optimizer.groups().get(0);
    assertThat(group.baseLearningRate()).isEqualTo(0.1);
    assertThat(group.learningRate()).isEqualTo(saved.schedule.learningRates().get(0));
    assertThat(group.get("weightDecay")).isEqualTo(0.3);
  }

  @Test
  void stateDict_afterMomentumWasSwitched_loads() {
    Run off = new Run(m -> SGD.of(m.parameters()).momentum(0.9));
    off.train(0, 2);
    ((SGD) off.optimizer).momentum(0);
    OptimizerState without = stateOf(off);
    assertThat(without.tensors()).isEmpty();
    off.optimizer.loadStateDict(without, off.model.namedParameters());

    ((SGD) off.optimizer).momentum(0.5);
    OptimizerState with = stateOf(off);
    assertThat(with.tensors().keySet()).contains("0.weight.momentum").hasSize(4);
    off.optimizer.loadStateDict(with, off.model.namedParameters());
  }

  @Test
  void loadStateDict_ofFreshState_startsAfresh() {
    Run run = adamRun(5);
    run.optimizer.loadStateDict(stateOf(adamRun(0)), run.model.namedParameters());
    assertThat(stateOf(run).steps().values()).containsOnly(0L);
    Run fresh = adamRun(0);
    fresh.model.loadStateDict(run.model.stateDict());
    fresh.train(0, 1);
    run.train(0, 1);
    assertThat(run.values().get("0.weight")).containsExactly(fresh.values().get("0.weight"));
  }

  @Test
  void loadStateDict_thatDoesNotFit_reportsEveryMistakeAtOnceAndLoadsNothing() {
    Run run = adamRun(2);
    OptimizerState good = stateOf(adamRun(3));
    Map<String, Long> steps = new LinkedHashMap<>(good.steps());
    steps.remove("0.bias");
    steps.put("9.bias", 1L);
    Map<String, Tensor> tensors = new LinkedHashMap<>(good.tensors());
    tensors.put("0.weight.firstMoment", Tensor.zeros(3, 4));
    tensors.remove("2.weight.secondMoment");
    tensors.put("2.bias.momentum", Tensor.zeros(2));
    OptimizerState bad = new OptimizerState("Adam", good.groups(), steps, tensors);

    assertThatThrownBy(() -> run.optimizer.loadStateDict(bad, run.model.namedParameters()))
        .isInstanceOfSatisfying(
            FulgurException.class,
            e -> assertThat(e.id()).isEqualTo(ErrorId.OPTIMIZER_STATE_MISMATCH))
        .hasMessage(
            """
            [OptimizerStateMismatch] The saved state does not fit Adam; nothing was loaded.
               1) 0.weight.firstMoment is F32[3, 4], but the parameter is F32[4, 3].
               2) Missing: the state of 0.bias.
               3) Missing: 2.weight.secondMoment.
               4) Unexpected: the state of 9.bias.
               5) Unexpected: 2.bias.momentum.""");
    assertThat(stateOf(run).steps().values()).containsOnly(2L);
  }

  @Test
  void loadStateDict_ofAnotherOptimizer_isRefused() {
    Run run = adamRun(1);
    OptimizerState sgd = stateOf(new Run(m -> SGD.of(m.parameters())));
    assertThatThrownBy(() -> run.optimizer.loadStateDict(sgd, run.model.namedParameters()))
        .hasMessage(
            """
            [OptimizerStateMismatch] The saved state does not fit Adam; nothing was loaded.
               1) It is the state of SGD; make that optimizer, or leave the state out.""");
  }

  @Test
  void loadStateDict_ofOtherGroups_isRefused() {
    Run run = adamRun(1);
    OptimizerState good = stateOf(run);
    OptimizerState two =
        new OptimizerState(
            "Adam",
            List.of(good.groups().get(0), good.groups().get(0)),
            good.steps(),
            good.tensors());
    assertThatThrownBy(() -> run.optimizer.loadStateDict(two, run.model.namedParameters()))
        .hasMessageEndingWith("1) It has 2 parameter groups, but the optimizer has 1.");

    Map<String, Double> numbers = new HashMap<>(good.groups().get(0));
    numbers.put("beta1", 2.0);
    numbers.remove("epsilon");
    numbers.put("gamma", 1.0);
    OptimizerState odd = new OptimizerState("Adam", List.of(numbers), good.steps(), good.tensors());
    assertThatThrownBy(() -> run.optimizer.loadStateDict(odd, run.model.namedParameters()))
        .hasMessage(
            """
            [OptimizerStateMismatch] The saved state does not fit Adam; nothing was loaded.
               1) Group 0: beta1 is 2.0; allowed is from 0 to below 1.
               2) Group 0: epsilon is missing.
               3) Group 0: gamma is unexpected.""");
  }

  @Test
  void stateDict_ofParameterOutsideTheModule_saysSo() {
    Run run = adamRun(1);
    assertThatThrownBy(() -> run.optimizer.stateDict(Map.of()))
        .hasMessage(
            "[OptimizerStateMismatch] Adam has a parameter F32[4, 3] that is not among the named"
                + " ones, so its state cannot be saved or loaded. Keep the module that it belongs to"
                + " in a field of the one that is saved.");
  }
}
