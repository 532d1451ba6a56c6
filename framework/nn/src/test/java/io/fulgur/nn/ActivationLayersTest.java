package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;
import io.fulgur.tensor.functional.Comparison;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The functions themselves are in the conformance suite. */
class ActivationLayersTest {
  static Stream<Arguments> layers() {
    return Stream.of(
        layer(new ReLU6(), "ReLU6", Activations::relu6),
        layer(new SELU(), "SELU", Activations::selu),
        layer(new SiLU(), "SiLU", Activations::silu),
        layer(new Mish(), "Mish", Activations::mish),
        layer(new Softsign(), "Softsign", Activations::softsign),
        layer(new Tanhshrink(), "Tanhshrink", Activations::tanhshrink),
        layer(new Hardsigmoid(), "Hardsigmoid", Activations::hardsigmoid),
        layer(new Hardswish(), "Hardswish", Activations::hardswish),
        layer(new LogSigmoid(), "LogSigmoid", Activations::logSigmoid),
        layer(new Softmax2d(), "Softmax2d", Activations::softmax2d),
        layer(
            new LeakyReLU(), "LeakyReLU(negativeSlope=0.01)", x -> Activations.leakyRelu(x, 0.01)),
        layer(new ELU(), "ELU(alpha=1.0)", x -> Activations.elu(x, 1)),
        layer(new ELU(2), "ELU(alpha=2.0)", x -> Activations.elu(x, 2)),
        layer(new CELU(), "CELU(alpha=1.0)", x -> Activations.celu(x, 1)),
        layer(new Softplus(), "Softplus(beta=1.0, threshold=20.0)", Activations::softplus),
        layer(
            new Softplus(2, 1),
            "Softplus(beta=2.0, threshold=1.0)",
            x -> Activations.softplus(x, 2, 1)),
        layer(new Softshrink(), "Softshrink(lambda=0.5)", x -> Activations.softshrink(x, 0.5)),
        layer(new Hardshrink(), "Hardshrink(lambda=0.5)", x -> Activations.hardshrink(x, 0.5)),
        layer(new Hardtanh(), "Hardtanh(low=-1.0, high=1.0)", x -> Activations.hardtanh(x, -1, 1)),
        layer(
            new Threshold(0.5, -2),
            "Threshold(threshold=0.5, value=-2.0)",
            x -> Activations.threshold(x, 0.5, -2)),
        layer(new GLU(), "GLU(dim=-1)", x -> Activations.glu(x, -1)),
        layer(new GLU(1), "GLU(dim=1)", x -> Activations.glu(x, 1)),
        layer(new Softmin(1), "Softmin(dim=1)", x -> Activations.softmin(x, 1)),
        layer(new LogSoftmax(1), "LogSoftmax(dim=1)", x -> x.logSoftmax(1)));
  }

  private static Arguments layer(Module module, String name, UnaryOperator<Tensor> function) {
    return Arguments.of(module, name, function);
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("layers")
  void layer_isItsFunction_andTellsItsArguments(
      Module module, String name, UnaryOperator<Tensor> function) {
    Tensor x = Tensor.normal(new Generator(1), 0, 2, DType.F32, 2, 4, 3, 2);

    assertThat(Comparison.equal(module.forward(x), function.apply(x))).isTrue();
    assertThat(module).hasToString(name);
  }

  @Test
  void prelu_learnsASlopeForEachChannel() {
    PReLU layer = new PReLU(2, 0.5);
    Tensor x = Tensor.of(new float[] {-1, 2, 3, -4}, 2, 2);

    Tensor y = layer.forward(x);
    y.sum().backward();

    assertThat(y.toFloatArray()).containsExactly(-0.5f, 2, 3, -2);
    assertThat(layer.weight().grad()).isNotNull();
    assertThat(layer.weight().grad().toFloatArray()).containsExactly(-1, -4);
    assertThat(layer.parameters()).hasSize(1);
    assertThat(new PReLU().weight().toFloatArray()).containsExactly(0.25f);
    assertThatThrownBy(() -> new PReLU(0, 0.25))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("positive number of channels");
  }

  @Test
  void rrelu_drawsSlopesInTraining_andTakesTheirMeanElse() {
    RReLU layer = new RReLU(0.25, 0.75, new Generator(4));
    Tensor x = Tensor.full(-1, DType.F32, 1000);

    Tensor drawn = layer.forward(x);
    layer.eval();

    assertThat(drawn.min().item()).isBetween(-0.75, -0.74);
    assertThat(drawn.max().item()).isBetween(-0.26, -0.25);
    assertThat(layer.forward(x).toFloatArray()).containsOnly(-0.5f);
    assertThat(layer.forward(x.neg()).toFloatArray()).containsOnly(1f);
    assertThat(Comparison.equal(new RReLU(0.25, 0.75, new Generator(4)).forward(x), drawn))
        .isTrue();
  }

  @Test
  void badArguments_areToldWithTheirValues() {
    assertThatThrownBy(() -> new CELU(0))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("alpha other than 0");
    assertThatThrownBy(() -> new Softplus(0, 1))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("beta other than 0");
    assertThatThrownBy(() -> new Softshrink(-1))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("-1.0");
    assertThatThrownBy(() -> new Hardtanh(1, 1))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("low < high");
    assertThatThrownBy(() -> new RReLU(2, 1))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("lower <= upper");
  }
}
