package io.fulgur.nn;

import static io.fulgur.nn.testing.Reference.assertClose;
import static io.fulgur.nn.testing.Reference.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.nn.testing.Reference;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LayerReferenceTest {
  private static final JsonNode CASES = Reference.read("layers.json");

  private static Map<String, Supplier<Module>> layers() {
    Map<String, Supplier<Module>> layers = new LinkedHashMap<>();
    layers.put("linear", () -> new Linear(5, 3));
    layers.put("linearWithoutBias", () -> new Linear(5, 3, /* bias= */ false));
    layers.put("linearOfThreeDimensions", () -> new Linear(5, 3));
    layers.put("linearOfVector", () -> new Linear(5, 3));
    layers.put("relu", ReLU::new);
    layers.put("gelu", GELU::new);
    layers.put("geluTanh", GELU::tanhApproximation);
    layers.put("tanh", Tanh::new);
    layers.put("sigmoid", Sigmoid::new);
    layers.put("softmax", () -> new Softmax(-1));
    layers.put("softmaxOfFirst", () -> new Softmax(0));
    layers.put("identity", Identity::new);
    layers.put("flatten", Flatten::new);
    layers.put("flattenOfRange", () -> new Flatten(0, 1));
    layers.put("layerNorm", () -> new LayerNorm(6));
    layers.put("layerNormOfTwoDimensions", () -> new LayerNorm(Shape.of(3, 4), 1e-3));
    layers.put(
        "sequential",
        () ->
            new Sequential(
                new Flatten(),
                new Linear(6, 5),
                new ReLU(),
                new LayerNorm(5),
                new Sequential(new Linear(5, 5), new Tanh()),
                new Identity(),
                new Linear(5, 2)));
    return layers;
  }

  @Test
  void cases_ofTheReference_areAllTested() {
    assertThat(layers().keySet()).containsExactlyInAnyOrderElementsOf(() -> CASES.fieldNames());
  }

  static Stream<Arguments> layersAndTypes() {
    return layers().keySet().stream()
        .flatMap(name -> Stream.of(Arguments.of(name, DType.F32), Arguments.of(name, DType.F64)));
  }

  @ParameterizedTest
  @MethodSource("layersAndTypes")
  void forwardAndBackward_ofLayer_equalPyTorch(String name, DType dtype) {
    check(name, dtype);
  }

  @ParameterizedTest
  @MethodSource("layersAndTypes")
  void forwardAndBackward_inStepScopes_equalPyTorchEachTime(String name, DType dtype) {
    for (int step = 0; step < 3; step++) {
      try (StepScope ignored = StepScope.open("LayerReferenceTest")) {
        check(name, dtype);
      }
    }
  }

  private static void check(String name, DType dtype) {
    double tolerance = dtype == DType.F32 ? 2e-5 : 1e-11;
    JsonNode expected = CASES.get(name);
    Module layer = layers().get(name).get();
    layer.to(dtype);
    layer.loadStateDict(Reference.tensors(expected.get("state"), dtype));
    Tensor input = tensor(expected.get("input"), dtype).requiresGrad(true);

    Tensor output = layer.forward(input);
    assertClose("output", output, expected.get("output"), tolerance);
    output.backward(tensor(expected.get("gradOutput"), dtype));

    assertClose("input's gradient", input.grad(), expected.get("gradInput"), tolerance);
    layer
        .namedParameters()
        .forEach(
            (parameterName, parameter) ->
                assertClose(
                    parameterName + "'s gradient",
                    parameter.grad(),
                    expected.get("gradients").get(parameterName),
                    tolerance));
  }
}
