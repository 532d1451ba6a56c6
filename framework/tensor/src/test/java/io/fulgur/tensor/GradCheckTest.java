package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.tensor.functional.CrossEntropy;
import io.fulgur.tensor.functional.Normalization;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(TensorHygiene.class)
class GradCheckTest {
  private static final Tensor INDEX = Tensor.of(new long[] {2, 0, 2, 1}, 2, 2);

  @ParameterizedTest(name = "{0}")
  @MethodSource("operators")
  void gradient_ofEveryOperator_equalsDifferenceQuotient(
      String name, Function<Tensor[], Tensor> function, Tensor[] inputs) {
    GradCheck.check(function, inputs);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("operators")
  void gradient_ofStridedInputs_equalsDifferenceQuotient(
      String name, Function<Tensor[], Tensor> function, Tensor[] inputs) {
    GradCheck.check(
        in -> function.apply(Stream.of(in).map(GradCheckTest::turnedTwice).toArray(Tensor[]::new)),
        inputs);
  }

  /** Returns the same values through a differentiable copy whose memory is not row-major. */
  private static Tensor turnedTwice(Tensor x) {
    return x.rank() < 2 ? x : x.transpose(0, -1).contiguous().transpose(0, -1);
  }

  static Stream<Arguments> operators() {
    Tensor wide = values(-2, 2, 2, 3, 4);
    Tensor matrix = values(-1.5, 1.5, 3, 4);
    Tensor positive = values(0.3, 3, 2, 3);
    return Stream.of(
        of("abs", x -> x[0].abs(), wide),
        of("sign", x -> x[0].sign(), wide),
        of("floor", x -> x[0].floor(), wide),
        of("ceil", x -> x[0].ceil(), wide),
        of("round", x -> x[0].round(), wide),
        of("square", x -> x[0].square(), wide),
        of("exp", x -> x[0].exp(), wide),
        of("expm1", x -> x[0].expm1(), wide),
        of("log", x -> x[0].log(), positive),
        of("log1p", x -> x[0].log1p(), positive),
        of("sqrt", x -> x[0].sqrt(), positive),
        of("rsqrt", x -> x[0].rsqrt(), positive),
        of("reciprocal", x -> x[0].reciprocal(), positive),
        of("sin", x -> x[0].sin(), wide),
        of("cos", x -> x[0].cos(), wide),
        of("tanh", x -> x[0].tanh(), wide),
        of("sigmoid", x -> x[0].sigmoid(), wide),
        of("erf", x -> x[0].erf(), wide),
        of("relu", x -> x[0].relu(), wide),
        of("gelu", x -> x[0].gelu(), wide),
        of("geluTanh", x -> x[0].geluTanh(), wide),
        of("clamp", x -> x[0].clamp(-1, 0.7), wide),
        of("neg, scalars", x -> x[0].neg().add(2).sub(1).mul(3).div(7), wide),
        of("pow of scalar", x -> x[0].pow(2.5), positive),
        of("add", x -> x[0].add(x[1]), wide, values(-1, 1, 3, 1)),
        of("sub", x -> x[0].sub(x[1]), wide, values(-1, 1, 4)),
        of("mul", x -> x[0].mul(x[1]), wide, values(-1, 1, 2, 1, 4)),
        of("div", x -> x[0].div(x[1]), wide, values(0.5, 2, 3, 4)),
        of("pow", x -> x[0].pow(x[1]), positive, values(-2, 2, 3)),
        of("maximum", x -> x[0].maximum(x[1]), wide, values(-1.1, 1.2, 3, 1)),
        of("minimum", x -> x[0].minimum(x[1]), wide, values(-1.1, 1.2, 4)),
        of("same operand twice", x -> x[0].mul(x[0]).add(x[0].div(x[0].exp())), matrix),
        of("casts", x -> x[0].to(DType.F64).square(), matrix),
        of("sum", x -> x[0].sum(false, 0, 2), wide),
        of("mean", x -> x[0].mean(true, 1), wide),
        of("prod", x -> x[0].prod(), positive),
        of("max", x -> x[0].max(false, 1), wide),
        of("min", x -> x[0].min(true, 0, 2), wide),
        of("variance", x -> x[0].variance(1, false, 1, 2), wide),
        of("logSumExp", x -> x[0].logSumExp(1, false), wide),
        of("softmax", x -> x[0].softmax(1), wide),
        of("logSoftmax", x -> x[0].logSoftmax(-1), wide),
        of("matmul", x -> x[0].matmul(x[1]), matrix, values(-1, 1, 4, 2)),
        of("matmul of batches", x -> x[0].matmul(x[1]), wide, values(-1, 1, 1, 4, 2)),
        of("matmul of vectors", x -> x[0].matmul(x[1]), values(-1, 1, 4), values(-1, 1, 4)),
        of("linear", x -> x[0].linear(x[1], x[2]), wide, values(-1, 1, 5, 4), values(-1, 1, 5)),
        of("linear without bias", x -> x[0].linear(x[1], null), matrix, values(-1, 1, 5, 4)),
        of("reshape", x -> x[0].reshape(4, -1).square(), wide),
        of("flatten", x -> x[0].flatten(0, 1).square(), wide),
        of("transpose", x -> x[0].transpose(0, 2).square(), wide),
        of("permute", x -> x[0].permute(2, 0, 1).square(), wide),
        of("unsqueeze, squeeze", x -> x[0].unsqueeze(1).square().squeeze(1), wide),
        of("expand", x -> x[0].expand(5, 3, 4).square(), values(-1, 1, 3, 1)),
        of("slice", x -> x[0].slice(2, 1, 4, 2).square(), wide),
        of("select", x -> x[0].select(1, 2).square(), wide),
        of("concat", x -> Tensor.concat(1, x).square(), matrix, values(-1, 1, 3, 2)),
        of("stack", x -> Tensor.stack(1, x).square(), matrix, values(-1, 1, 3, 4)),
        of("where", x -> Tensor.where(x[0].gt(0), x[0].square(), x[1]), wide, values(-1, 1, 4)),
        of("maskedFill", x -> x[0].square().maskedFill(x[0].gt(0.5), 3), wide),
        of("gather", x -> x[0].gather(1, INDEX).square(), matrix),
        of("indexSelect", x -> x[0].indexSelect(1, INDEX.flatten(0, 1)).square(), matrix),
        of(
            "crossEntropy",
            x -> CrossEntropy.mean(x[0], Tensor.of(new long[] {3, 0, 1}, 3)),
            matrix),
        of("mse", x -> Functional.mse(x[0], x[1]), matrix, values(-1, 1, 3, 4)),
        of("dropout", x -> Functional.dropout(x[0], 0.4, new Generator(7)), wide),
        of(
            "layerNorm",
            x -> Normalization.layerNorm(x[0], x[1], x[2], Shape.of(3, 4), 1e-3),
            wide,
            values(0.5, 1.5, 3, 4),
            values(-1, 1, 3, 4)),
        of("no inputs of use", x -> Tensor.ones(DType.F64, 2).mul(x[0]), values(1, 2)));
  }

  private static Arguments of(String name, Function<Tensor[], Tensor> function, Tensor... inputs) {
    return Arguments.of(name, function, inputs);
  }

  /** Scattered values that are no integers and differ from each other. */
  private static Tensor values(double low, double high, long... shape) {
    double[] values = new double[(int) Shape.of(shape).elements()];
    for (int i = 0; i < values.length; i++) {
      double fraction = (i + 1) * 0.6180339887498949 % 1;
      values[i] = low + (high - low) * fraction;
    }
    return Tensor.of(values, shape);
  }

  @Test
  void check_ofAWrongGradient_namesInputIndexAndBothValues() {
    Function<Tensor[], Tensor> halfDetached = in -> in[0].mul(in[1]).add(in[1].detach());
    Tensor x = Tensor.of(new double[] {1, 2}, 1, 2);
    Tensor y = Tensor.of(new double[] {3, 4}, 1, 2);

    assertThatThrownBy(() -> GradCheck.check(halfDetached, x, y))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("with respect to input 1 [1, 2] at index [0, 0] is 0.5, but the")
        .hasMessageContaining("difference quotient is 1.0");
  }

  @Test
  void check_leavesTheInputsAlone() {
    Tensor x = Tensor.of(new double[] {1, 2}, 2);

    GradCheck.check(in -> in[0].square(), x);

    assertThat(x.toDoubleArray()).containsExactly(1, 2);
    assertThat(x.requiresGrad()).isFalse();
  }

  @Test
  void check_ofSinglePrecision_asksForDouble() {
    assertThatThrownBy(() -> GradCheck.check(in -> in[0].square(), Tensor.ones(2)))
        .isInstanceOf(DTypeException.class)
        .hasMessageContaining("GradCheck of F32: allowed is F64 inputs");
  }
}
