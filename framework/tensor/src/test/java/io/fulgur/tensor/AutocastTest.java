package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.tensor.functional.Convolution;
import io.fulgur.tensor.functional.ConvolutionOptions;
import io.fulgur.tensor.functional.CrossEntropy;
import io.fulgur.tensor.functional.Normalization;
import io.fulgur.tensor.functional.Recurrent;
import io.fulgur.tensor.functional.RecurrentOperators.Cell;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(TensorHygiene.class)
class AutocastTest {
  private final Generator generator = new Generator(7);

  private Tensor normal(long... shape) {
    return Tensor.normal(generator, 0, 1, DType.F32, shape);
  }

  @FunctionalInterface
  private interface Function {
    Tensor apply(Tensor x, Tensor y);
  }

  static Stream<Arguments> policies() {
    return Stream.of(
        of("matmul", DType.BF16, (x, y) -> x.matmul(y)),
        of("linear", DType.BF16, (x, y) -> x.linear(y, null)),
        of("conv1d", DType.BF16, AutocastTest::convolution),
        of("recurrent", DType.BF16, AutocastTest::recurrent),
        of("exp", DType.F32, (x, y) -> x.exp()),
        of("log1p", DType.F32, (x, y) -> x.log1p()),
        of("pow", DType.F32, (x, y) -> x.pow(2)),
        of("sum", DType.F32, (x, y) -> x.sum()),
        of("mean", DType.F32, (x, y) -> x.mean()),
        of("variance", DType.F32, (x, y) -> x.variance(0, false, 0)),
        of("softmax", DType.F32, (x, y) -> x.softmax(0)),
        of("logSoftmax", DType.F32, (x, y) -> x.logSoftmax(0)),
        of("logSumExp", DType.F32, (x, y) -> x.logSumExp(0, false)),
        of("mse", DType.F32, (x, y) -> Functional.mse(x, y)),
        of(
            "layerNorm",
            DType.F32,
            (x, y) -> Normalization.layerNorm(x, null, null, Shape.of(4), 0)),
        of("relu", DType.BF16, (x, y) -> x.relu()),
        of("mul by a number", DType.BF16, (x, y) -> x.mul(2)),
        of("add", DType.F32, (x, y) -> x.add(y)),
        of("add reversed", DType.F32, (x, y) -> y.add(x)),
        of("add of one type", DType.BF16, (x, y) -> x.add(x)),
        of("maximum", DType.F32, (x, y) -> x.maximum(y)),
        of("where", DType.F32, (x, y) -> Tensor.where(y.gt(0), x, y)),
        of("concat", DType.F32, (x, y) -> Tensor.concat(0, x, y)),
        of("compare", DType.BOOL, (x, y) -> x.lt(y)));
  }

  private static Tensor convolution(Tensor x, Tensor y) {
    return Convolution.conv1d(
        x.unsqueeze(0), y.unsqueeze(2), y.select(0, 0), ConvolutionOptions.defaults());
  }

  private static Tensor recurrent(Tensor x, Tensor y) {
    Recurrent.Weights weights = new Recurrent.Weights(y, y, null, null);
    return Recurrent.layer(Cell.TANH, x.unsqueeze(0), null, weights, false, null).output();
  }

  private static Arguments of(String name, DType expected, Function function) {
    return Arguments.of(name, expected, function);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("policies")
  void operator_onSixteenBitAndSingle_givesTheTypeOfItsPolicy(
      String name, DType expected, Function function) {
    Tensor x = normal(4, 4).to(DType.BF16);
    Tensor y = normal(4, 4);

    try (Autocast ignored = Autocast.to(DType.BF16)) {
      assertThat(function.apply(x, y).dtype()).isEqualTo(expected);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("policies")
  void operator_onDoubles_staysDouble(String name, DType expected, Function function) {
    Tensor x = normal(4, 4).to(DType.F64);
    Tensor y = normal(4, 4).to(DType.F64);

    try (Autocast ignored = Autocast.to(DType.BF16)) {
      assertThat(function.apply(x, y).dtype()).isIn(DType.F64, DType.BOOL);
    }
  }

  @Test
  void outsideOfARegion_typesAreNotMixed() {
    Tensor x = normal(2, 2);
    Tensor y = normal(2, 2).to(DType.BF16);
    try (Autocast outer = Autocast.to(DType.BF16);
        Autocast inner = Autocast.off()) {
      assertThatThrownBy(() -> x.add(y)).isInstanceOf(DTypeException.class);
      assertThat(x.matmul(x).dtype()).isEqualTo(DType.F32);
    }

    assertThat(Autocast.dtype()).isNull();
    assertThatThrownBy(() -> x.matmul(y)).isInstanceOf(DTypeException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F64", "I64"})
  void to_anotherThanASixteenBitType_isRefused(DType dtype) {
    assertThatThrownBy(() -> Autocast.to(dtype))
        .isInstanceOf(DTypeException.class)
        .hasMessageContaining("BF16 or F16");
  }

  @Test
  void close_onAnotherThread_isRefused() throws InterruptedException {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    try (Autocast region = Autocast.to(DType.F16)) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  region.close();
                } catch (IllegalStateException e) {
                  thrown.set(e);
                }
              });
      thread.start();
      thread.join();
    }

    assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
    assertThat(Autocast.dtype()).isNull();
  }

  /** The same casts written out by hand. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"BF16", "F16"})
  void training_inARegion_isBitwiseTheCastsByHand(DType lower) {
    Parameter w1 = Parameter.of(normal(8, 6));
    Parameter b1 = Parameter.of(normal(8));
    Parameter w2 = Parameter.of(normal(3, 8));
    Tensor x = normal(5, 6);
    Tensor labels = Tensor.of(new long[] {0, 2, 1, 1, 0}, 5);

    Tensor loss;
    try (Autocast ignored = Autocast.to(lower)) {
      Tensor hidden = x.linear(w1, b1).relu();
      loss = CrossEntropy.mean(hidden.linear(w2, null), labels);
    }
    loss.backward();
    float[][] gradients = gradients(w1, b1, w2);
    w1.zeroGrad();
    b1.zeroGrad();
    w2.zeroGrad();
    Tensor hidden = x.to(lower).linear(w1.to(lower), b1.to(lower)).relu();
    Tensor byHand = CrossEntropy.mean(hidden.linear(w2.to(lower), null).to(DType.F32), labels);
    byHand.backward();

    assertThat(loss.dtype()).isEqualTo(DType.F32);
    assertThat(loss.item()).isEqualTo(byHand.item());
    // The first gradients of a parameter have no memory to be written to: they are cast, too.
    float[][] expected = gradients(w1, b1, w2);
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < expected[i].length; j++) {
        assertThat(gradients[i][j]).isCloseTo(expected[i][j], within(0.02f));
      }
    }
  }

  private static float[][] gradients(Parameter... parameters) {
    float[][] gradients = new float[parameters.length][];
    for (int i = 0; i < gradients.length; i++) {
      Tensor grad = parameters[i].grad();
      assertThat(grad).isNotNull();
      assertThat(grad.dtype()).isEqualTo(DType.F32);
      gradients[i] = grad.toFloatArray();
    }
    return gradients;
  }

  @Test
  void gradientOfAParameter_withMemory_isNotRounded() {
    Parameter weight = Parameter.of(normal(16, 64));
    FlatBuffer buffer = FlatBuffer.of(List.of(weight)).get(0);
    Tensor x = normal(32, 64);
    try (Autocast ignored = Autocast.to(DType.BF16)) {
      x.linear(weight, Tensor.zeros(16)).sum().backward();
    }

    Tensor grad = weight.grad();
    assertThat(grad).isNotNull();
    assertThat(grad.storage()).isSameAs(buffer.gradients().storage());
    Tensor columnSums = x.to(DType.BF16).to(DType.F64).sum(false, 0);
    double[] expected = columnSums.toDoubleArray();
    double[] actual = grad.toDoubleArray();
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i % 64], within(1e-4));
    }
  }

  @Test
  void parameter_usedTwice_isCastOnceUntilItChanges() {
    Parameter weight = Parameter.of(normal(4, 4));
    Tensor x = normal(2, 4);
    try (Autocast ignored = Autocast.to(DType.BF16)) {
      View first = Autocast.input(Operators.MATMUL, weight).view();
      int version = first.storage().version();
      x.matmul(weight);
      x.matmul(weight);
      assertThat(first.storage().version()).isEqualTo(version);

      weight.fill(3);
      Tensor product = x.matmul(weight);

      assertThat(first.storage().version()).isEqualTo(version + 1);
      assertThat(product.toFloatArray())
          .isEqualTo(x.matmul(Tensor.full(3, DType.F32, 4, 4)).toFloatArray());
    }
  }

  @Test
  void parameter_thatMovedOrChangedItsType_isCastAgain() {
    Parameter weight = Parameter.of(normal(4, 4));
    Tensor x = normal(2, 4);
    try (Autocast ignored = Autocast.to(DType.BF16)) {
      float[] before = x.matmul(weight).toFloatArray();
      FlatBuffer buffer = FlatBuffer.of(List.of(weight)).get(0);
      assertThat(x.matmul(weight).toFloatArray()).isEqualTo(before);

      buffer.values().fill(0);
      assertThat(x.matmul(weight).toFloatArray()).containsOnly(0f);

      try (Autocast half = Autocast.to(DType.F16)) {
        assertThat(x.matmul(weight).dtype()).isEqualTo(DType.F16);
      }
    }
  }

  @Test
  void backward_afterTheWeightWasCastAgain_isRefused() {
    Parameter weight = Parameter.of(normal(4, 4));
    Tensor x = normal(2, 4).requiresGrad(true);
    try (Autocast ignored = Autocast.to(DType.BF16)) {
      Tensor loss = x.matmul(weight).sum();
      weight.fill(1);
      x.matmul(weight);

      assertThatThrownBy(loss::backward).hasMessageContaining("[ModifiedInPlace]");
    }
  }

  @Test
  void steadySteps_inARegion_prepareNothing() {
    Parameter w1 = Parameter.of(normal(8, 6));
    Parameter w2 = Parameter.of(normal(3, 8));
    FlatBuffer buffer = FlatBuffer.of(List.of(w1, w2)).get(0);
    Tensor x = normal(5, 6);
    long prepared = 0;
    for (int i = 0; i < 6; i++) {
      if (i == 3) {
        prepared = x.engine().statistics().preparedKernels();
      }
      try (StepScope scope = StepScope.open("autocast");
          Autocast ignored = Autocast.to(DType.BF16)) {
        Tensor hidden = x.linear(w1, null).relu();
        hidden.linear(w2, null).square().sum().backward();
        Calls.into(
            Operators.AFFINE,
            Operators.NONE,
            Calls.views(buffer.values()),
            Calls.views(buffer.values()),
            0.99,
            0);
        buffer.zeroGrad();
      }
    }

    assertThat(x.engine().statistics().preparedKernels()).isEqualTo(prepared);
  }

  @Test
  void inputThatRequiresGradients_getsThemInItsType() {
    Tensor x = normal(3, 4).requiresGrad(true);
    Tensor y = normal(4, 2);
    try (Autocast ignored = Autocast.to(DType.BF16)) {
      x.matmul(y).sum().backward();
    }

    Tensor grad = x.grad();
    assertThat(grad).isNotNull();
    assertThat(grad.dtype()).isEqualTo(DType.F32);
  }
}
