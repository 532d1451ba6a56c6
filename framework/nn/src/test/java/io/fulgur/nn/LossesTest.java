package io.fulgur.nn;

import static io.fulgur.nn.testing.Reference.assertClose;
import static io.fulgur.nn.testing.Reference.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.loss.CrossEntropyLoss;
import io.fulgur.nn.testing.Reference;
import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LossesTest {
  private static final JsonNode CASES = Reference.read("losses.json");

  private static final Map<String, BinaryOperator<Tensor>> LOSSES =
      Map.of(
          "crossEntropy", Losses::crossEntropy,
          "crossEntropyOfLargeLogits", Losses::crossEntropy,
          "mse", Losses::mse,
          "l1", Losses::l1,
          "binaryCrossEntropyWithLogits", Losses::binaryCrossEntropyWithLogits);

  @Test
  void cases_ofTheReference_areAllTested() {
    assertThat(LOSSES.keySet()).containsExactlyInAnyOrderElementsOf(() -> CASES.fieldNames());
  }

  static Stream<Arguments> lossesAndTypes() {
    return LOSSES.keySet().stream()
        .sorted()
        .flatMap(name -> Stream.of(Arguments.of(name, DType.F32), Arguments.of(name, DType.F64)));
  }

  @ParameterizedTest
  @MethodSource("lossesAndTypes")
  void lossAndGradient_equalPyTorch(String name, DType dtype) {
    double tolerance = dtype == DType.F32 ? 1e-5 : 1e-12;
    JsonNode expected = CASES.get(name);
    Tensor input = tensor(expected.get("input"), dtype).requiresGrad(true);
    DType targetType = name.startsWith("crossEntropy") ? DType.I64 : dtype;
    Tensor target = tensor(expected.get("target"), targetType);

    Tensor loss = LOSSES.get(name).apply(input, target);
    loss.backward();

    double reference = expected.get("loss").asDouble();
    assertThat(loss.rank()).isZero();
    assertThat(loss.item()).isCloseTo(reference, Offset.offset(tolerance * (1 + reference)));
    assertClose("gradient", input.grad(), expected.get("gradInput"), tolerance);
  }

  static Stream<Arguments> losses() {
    return Stream.of("mse", "l1", "binaryCrossEntropyWithLogits").map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void elementwiseLoss_ofShapesThatWouldBroadcast_isRefused(String name) {
    assertThatThrownBy(() -> LOSSES.get(name).apply(Tensor.zeros(4, 1), Tensor.zeros(4)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining(name + " of [4, 1] and [4]: input and target must have one shape");
  }

  @ParameterizedTest
  @MethodSource("losses")
  void elementwiseLoss_ofMixedTypes_isRefused(String name) {
    assertThatThrownBy(() -> LOSSES.get(name).apply(Tensor.zeros(2), Tensor.zeros(DType.F64, 2)))
        .isInstanceOf(DTypeException.class)
        .hasMessageContaining(name + " of F32 and F64");
  }

  @ParameterizedTest
  @MethodSource("losses")
  void elementwiseLoss_ofIntegers_isRefused(String name) {
    Tensor integers = Tensor.of(new long[] {1, 2}, 2);
    assertThatThrownBy(() -> LOSSES.get(name).apply(integers, integers))
        .isInstanceOf(DTypeException.class)
        .hasMessageContaining(name + " of I64: allowed is a floating-point input");
  }

  @Test
  void crossEntropy_withLabelsOfAnotherType_isRefused() {
    assertThatThrownBy(
            () -> Losses.crossEntropy(Tensor.zeros(2, 3), Tensor.of(new int[] {0, 1}, 2)))
        .isInstanceOf(DTypeException.class)
        .hasMessageContaining("I64");
  }

  @Test
  void crossEntropy_withLabelsOfAnotherShape_isRefused() {
    assertThatThrownBy(
            () -> Losses.crossEntropy(Tensor.zeros(2, 3), Tensor.of(new long[] {0, 1, 2}, 3)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("crossEntropy of [2, 3] and [3]");
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void crossEntropy_withLabelOutOfRange_isRefused(DType dtype) {
    for (long label : new long[] {3, -1}) {
      Tensor labels = Tensor.of(new long[] {0, label}, 2);
      assertThatThrownBy(() -> Losses.crossEntropy(Tensor.zeros(dtype, 2, 3), labels))
          .isInstanceOfSatisfying(
              FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.INDEX_OUT_OF_RANGE))
          .hasMessageContaining(String.valueOf(label))
          .hasMessageContaining("0 to 2");
    }
  }

  @Test
  void losses_inAnAutocastRegion_areOfSinglePrecision() {
    try (Autocast ignored = Autocast.to(DType.BF16)) {
      Tensor scores = Tensor.ones(DType.BF16, 2, 3);
      assertThat(Losses.mse(scores, Tensor.zeros(2, 3)).dtype()).isEqualTo(DType.F32);
      assertThat(
              new CrossEntropyLoss()
                  .labelSmoothing(0.1)
                  .of(scores, Tensor.of(new long[] {0, 1}, 2))
                  .dtype())
          .isEqualTo(DType.F32);
    }
  }
}
