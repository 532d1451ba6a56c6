package io.fulgur.nn.optimizer;

import static io.fulgur.nn.testing.Reference.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.testing.Reference;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradientClippingTest {
  private static final JsonNode CASES = Reference.read("clipping.json");

  private static List<Parameter> withGradients(DType dtype) {
    List<Parameter> parameters = new ArrayList<>();
    for (JsonNode gradient : CASES.get("gradients")) {
      Tensor values = Reference.tensor(gradient, dtype);
      parameters.add(Parameter.of(Tensor.zerosLike(values)));
    }
    giveGradients(parameters, dtype);
    return parameters;
  }

  private static void giveGradients(List<Parameter> parameters, DType dtype) {
    int i = 0;
    for (JsonNode gradient : CASES.get("gradients")) {
      parameters.get(i++).mul(Reference.tensor(gradient, dtype)).sum().backward();
    }
  }

  private static void assertGradients(List<Parameter> parameters, JsonNode expected, DType dtype) {
    double tolerance = dtype == DType.F32 ? 1e-5 : 1e-12;
    for (int i = 0; i < parameters.size(); i++) {
      assertClose("gradient " + i, parameters.get(i).grad(), expected.get(i), tolerance);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void byNorm_ofParameters_equalsPyTorch(DType dtype) {
    for (JsonNode expected : CASES.get("byNorm")) {
      List<Parameter> parameters = withGradients(dtype);
      double norm = GradientClipping.byNorm(parameters, expected.get("limit").asDouble());
      assertThat(norm).isCloseTo(expected.get("norm").asDouble(), Percentage.withPercentage(1e-4));
      assertGradients(parameters, expected.get("gradients"), dtype);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void byNorm_ofOptimizer_equalsPyTorch(DType dtype) {
    for (JsonNode expected : CASES.get("byNorm")) {
      List<Parameter> parameters = withGradients(dtype);
      Optimizer optimizer = SGD.of(parameters);
      giveGradients(parameters, dtype);
      double norm = GradientClipping.byNorm(optimizer, expected.get("limit").asDouble());
      assertThat(norm).isCloseTo(expected.get("norm").asDouble(), Percentage.withPercentage(1e-4));
      assertGradients(parameters, expected.get("gradients"), dtype);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void byValue_equalsPyTorch(DType dtype) {
    for (JsonNode expected : CASES.get("byValue")) {
      double limit = expected.get("limit").asDouble();
      List<Parameter> parameters = withGradients(dtype);
      GradientClipping.byValue(parameters, limit);
      assertGradients(parameters, expected.get("gradients"), dtype);

      Optimizer optimizer = SGD.of(parameters);
      giveGradients(parameters, dtype);
      GradientClipping.byValue(optimizer, limit);
      assertGradients(parameters, expected.get("gradients"), dtype);
    }
  }

  @Test
  void byNorm_leavesOutParametersWithoutGradient() {
    Parameter with = Parameter.of(Tensor.ones(4));
    Parameter without = Parameter.of(Tensor.ones(3));
    Optimizer optimizer = SGD.of(List.of(without, with));
    without.sum().backward();
    optimizer.zeroGrad();
    with.sum().backward();
    assertThat(GradientClipping.norm(optimizer)).isEqualTo(2);
    assertThat(GradientClipping.byNorm(optimizer, 1)).isEqualTo(2);
    assertThat(GradientClipping.norm(List.of(without, with))).isBetween(0.9999, 1.0);
  }

  @Test
  void byNorm_ofNaN_givesNaNAndDoesNotHarmTheNextStep() {
    Parameter parameter = Parameter.of(Tensor.ones(3));
    Optimizer optimizer = SGD.of(List.of(parameter));
    parameter.mul(Double.NaN).sum().backward();
    assertThat(GradientClipping.byNorm(optimizer, 1)).isNaN();
    optimizer.zeroGrad();
    parameter.sum().backward();
    assertThat(GradientClipping.norm(optimizer)).isBetween(1.73205, 1.73206);
  }

  @Test
  void byNorm_ofInfinity_givesInfinityAndDoesNotHarmTheNextStep() {
    Parameter parameter = Parameter.of(Tensor.ones(3));
    Optimizer optimizer = SGD.of(List.of(parameter));
    parameter.mul(Double.POSITIVE_INFINITY).sum().backward();
    assertThat(GradientClipping.byNorm(optimizer, 1)).isInfinite();
    optimizer.zeroGrad();
    parameter.sum().backward();
    assertThat(GradientClipping.norm(optimizer)).isBetween(1.73205, 1.73206);
  }

  @Test
  void norm_withoutGradients_isZero() {
    assertThat(GradientClipping.norm(SGD.of(List.of(Parameter.of(Tensor.ones(2)))))).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void limit_notAboveZero_isRefused(double limit) {
    List<Parameter> parameters = List.of(Parameter.of(Tensor.ones(2)));
    assertThatThrownBy(() -> GradientClipping.byNorm(parameters, limit))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[InvalidArgument] Gradient clipping: maxNorm is "
                + limit
                + "; allowed is a finite number above 0.");
    assertThatThrownBy(() -> GradientClipping.byValue(parameters, limit))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("limit is " + limit);
  }
}
