package io.fulgur.tensor.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Long tensors, which single precision computes block by block and shared with other threads,
 * against double precision.
 */
@Tag("kernels")
@ExtendWith(TensorHygiene.class)
class ActivationBlocksTest {
  private static final int ELEMENTS = 150_001;

  static Stream<Arguments> functions() {
    return Stream.of(
        function("exp", Tensor::exp),
        function("tanh", Tensor::tanh),
        function("sigmoid", Tensor::sigmoid),
        function("erf", Tensor::erf),
        function("gelu", Tensor::gelu),
        function("geluTanh", Tensor::geluTanh),
        function("leakyRelu", x -> Activations.leakyRelu(x, 0.01)),
        function("elu", x -> Activations.elu(x, 1)),
        function("selu", Activations::selu),
        function("silu", Activations::silu),
        function("mish", Activations::mish),
        function("softplus", Activations::softplus),
        function("hardswish", Activations::hardswish),
        function("relu6", Activations::relu6));
  }

  private static Arguments function(String name, UnaryOperator<Tensor> function) {
    return Arguments.of(name, function);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void longTensor_isComputedInAllBlocks(String name, UnaryOperator<Tensor> function) {
    Tensor x = Tensor.normal(new Generator(1), 0, 3, DType.F32, ELEMENTS).requiresGrad(true);
    Tensor wide = x.detach().to(DType.F64).requiresGrad(true);
    Tensor grad = Tensor.normal(new Generator(2), 0, 1, DType.F32, ELEMENTS);

    Tensor y = function.apply(x);
    Tensor expected = function.apply(wide);
    y.backward(grad);
    expected.backward(grad.to(DType.F64));

    Tensor error = y.detach().to(DType.F64).sub(expected.detach()).abs();
    Tensor allowed = expected.detach().abs().mul(3e-6).add(2e-6);
    assertThat(error.sub(allowed).max().item()).isNegative();
    Tensor dx = x.grad();
    Tensor expectedDx = wide.grad();
    assertThat(dx).isNotNull();
    assertThat(expectedDx).isNotNull();
    Tensor slack = expectedDx.abs().mul(1e-5).add(1e-5);
    assertThat(dx.to(DType.F64).sub(expectedDx).abs().sub(slack).max().item()).isNegative();
  }
}
