package io.fulgur.nn.optimizer;

import static io.fulgur.nn.testing.Reference.assertClose;
import static io.fulgur.nn.testing.Reference.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.nn.Losses;
import io.fulgur.nn.testing.Reference;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares 200 steps on a linear fit with PyTorch. */
class OptimizerReferenceTest {
  private static final JsonNode CASES = Reference.read("optimizers.json");
  private static final int STEPS = 200;
  private static final int SKIP_EVERY = 3;

  private static Map<String, BiFunction<Parameter, Parameter, Optimizer>> optimizers() {
    Map<String, BiFunction<Parameter, Parameter, Optimizer>> cases = new LinkedHashMap<>();
    cases.put("sgd", (w, b) -> SGD.of(List.of(w, b)).learningRate(0.05));
    cases.put(
        "sgdWeightDecay", (w, b) -> SGD.of(List.of(w, b)).learningRate(0.05).weightDecay(0.1));
    cases.put("sgdMomentum", (w, b) -> SGD.of(List.of(w, b)).learningRate(0.02).momentum(0.9));
    cases.put(
        "sgdDampening",
        (w, b) -> SGD.of(List.of(w, b)).learningRate(0.05).momentum(0.8).dampening(0.3));
    cases.put(
        "sgdNesterov",
        (w, b) ->
            SGD.of(List.of(w, b))
                .learningRate(0.02)
                .momentum(0.9)
                .nesterov(true)
                .weightDecay(0.01));
    cases.put(
        "sgdTwoGroups",
        (w, b) ->
            SGD.of(
                    ParameterGroup.of(List.of(w)).learningRate(0.01),
                    ParameterGroup.of(List.of(b)).set("momentum", 0.5).weightDecay(0.2))
                .learningRate(0.05));
    cases.put(
        "sgdSkipped",
        (w, b) -> SGD.of(List.of(w, b)).learningRate(0.02).momentum(0.9).dampening(0.5));
    cases.put("adam", (w, b) -> Adam.of(List.of(w, b)).learningRate(0.01));
    cases.put(
        "adamWeightDecay",
        (w, b) ->
            Adam.of(List.of(w, b))
                .learningRate(0.01)
                .betas(0.8, 0.99)
                .epsilon(1e-4)
                .weightDecay(0.1));
    cases.put("adamSkipped", (w, b) -> Adam.of(List.of(w, b)).learningRate(0.01));
    cases.put("adamW", (w, b) -> AdamW.of(List.of(w, b)).learningRate(0.01));
    cases.put(
        "adamWTwoGroups",
        (w, b) ->
            AdamW.of(
                    ParameterGroup.of(List.of(w)).weightDecay(0.3),
                    ParameterGroup.of(List.of(b)).learningRate(0.1).weightDecay(0))
                .learningRate(0.01));
    return cases;
  }

  @Test
  void cases_ofTheReference_areAllTested() {
    List<String> names = new ArrayList<>(List.of("data"));
    names.addAll(optimizers().keySet());
    assertThat(names).containsExactlyInAnyOrderElementsOf(() -> CASES.fieldNames());
  }

  static Stream<Arguments> optimizersAndTypes() {
    return optimizers().keySet().stream()
        .flatMap(name -> Stream.of(Arguments.of(name, DType.F32), Arguments.of(name, DType.F64)));
  }

  @ParameterizedTest
  @MethodSource("optimizersAndTypes")
  void trajectory_overTwoHundredSteps_equalsPyTorch(String name, DType dtype) {
    double tolerance = dtype == DType.F32 ? 5e-5 : 1e-11;
    JsonNode data = CASES.get("data");
    Tensor x = tensor(data.get("x"), dtype);
    Tensor y = tensor(data.get("y"), dtype);
    Parameter w = Parameter.of(tensor(data.get("weight"), dtype));
    Parameter b = Parameter.of(tensor(data.get("bias"), dtype));
    Optimizer optimizer = optimizers().get(name).apply(w, b);

    for (int step = 1; step <= STEPS; step++) {
      boolean withoutBias = name.endsWith("Skipped") && step % SKIP_EVERY == 0;
      try (StepScope ignored = StepScope.open(name)) {
        optimizer.zeroGrad();
        Losses.mse(x.linear(w, withoutBias ? b.detach() : b), y).backward();
        optimizer.step();
      }
      JsonNode expected = CASES.get(name).get(String.valueOf(step));
      if (expected != null) {
        assertClose("weight at step " + step, w, expected.get("weight"), tolerance);
        assertClose("bias at step " + step, b, expected.get("bias"), tolerance);
      }
    }
  }
}
