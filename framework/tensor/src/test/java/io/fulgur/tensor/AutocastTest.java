package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.tensor.functional.Activations;
import io.fulgur.tensor.functional.Convolution;
import io.fulgur.tensor.functional.ConvolutionOptions;
import io.fulgur.tensor.functional.CrossEntropy;
import io.fulgur.tensor.functional.Distances;
import io.fulgur.tensor.functional.Einsum;
import io.fulgur.tensor.functional.LinearAlgebra;
import io.fulgur.tensor.functional.Normalization;
import io.fulgur.tensor.functional.Norms;
import io.fulgur.tensor.functional.Pointwise;
import io.fulgur.tensor.functional.Recurrent;
import io.fulgur.tensor.functional.RecurrentOperators.Cell;
import io.fulgur.tensor.functional.Scans;
import io.fulgur.tensor.functional.Selection;
import io.fulgur.tensor.functional.SpecialFunctions;
import io.fulgur.tensor.functional.Statistics;
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
        of("bmm", DType.BF16, (x, y) -> LinearAlgebra.bmm(x.unsqueeze(0), y.unsqueeze(0))),
        of("baddbmm", DType.BF16, AutocastTest::addedProduct),
        of("einsum", DType.BF16, (x, y) -> Einsum.einsum("ij,jk->ik", x, y)),
        of("prelu", DType.BF16, (x, y) -> Activations.prelu(x, Tensor.ones(1))),
        of("prelu of single", DType.BF16, (x, y) -> Activations.prelu(y, Tensor.ones(1))),
        of("exp", DType.F32, (x, y) -> x.exp()),
        of("exp2", DType.F32, (x, y) -> Pointwise.exp2(x)),
        of("expm1", DType.F32, (x, y) -> x.expm1()),
        of("log", DType.F32, (x, y) -> x.log()),
        of("log2", DType.F32, (x, y) -> Pointwise.log2(x)),
        of("log10", DType.F32, (x, y) -> Pointwise.log10(x)),
        of("log1p", DType.F32, (x, y) -> x.log1p()),
        of("pow", DType.F32, (x, y) -> x.pow(2)),
        of("pow of both", DType.F32, (x, y) -> x.pow(x)),
        of("rsqrt", DType.F32, (x, y) -> x.rsqrt()),
        of("reciprocal", DType.F32, (x, y) -> x.reciprocal()),
        of("acos", DType.F32, (x, y) -> Pointwise.acos(x)),
        of("asin", DType.F32, (x, y) -> Pointwise.asin(x)),
        of("cosh", DType.F32, (x, y) -> Pointwise.cosh(x)),
        of("sinh", DType.F32, (x, y) -> Pointwise.sinh(x)),
        of("tan", DType.F32, (x, y) -> Pointwise.tan(x)),
        of("erfinv", DType.F32, (x, y) -> SpecialFunctions.erfinv(x)),
        of("softplus", DType.F32, (x, y) -> Activations.softplus(x)),
        of("sum", DType.F32, (x, y) -> x.sum()),
        of("mean", DType.F32, (x, y) -> x.mean()),
        of("prod", DType.F32, (x, y) -> x.prod()),
        of("cumsum", DType.F32, (x, y) -> Scans.cumsum(x, 0)),
        of("cumprod", DType.F32, (x, y) -> Scans.cumprod(x, 0)),
        of("variance", DType.F32, (x, y) -> x.variance(0, false, 0)),
        of("std", DType.F32, (x, y) -> Statistics.std(x, 0, false, 0)),
        of("quantile", DType.F32, (x, y) -> Statistics.quantile(x, 0.3, 0, false)),
        of("norm", DType.F32, (x, y) -> Norms.norm(x)),
        of("normalize", DType.F32, (x, y) -> Norms.normalize(x, 0)),
        of("matrixNorm", DType.F32, (x, y) -> Norms.matrixNorm(x, Norms.MatrixNorm.NUCLEAR)),
        of("cosineSimilarity", DType.F32, (x, y) -> Norms.cosineSimilarity(x, x, 0, 1e-8)),
        of("cdist", DType.F32, (x, y) -> Distances.cdist(x, x)),
        of("pairwise distance", DType.F32, (x, y) -> Distances.pairwise(x, x, 2, 1e-6)),
        of("softmax", DType.F32, (x, y) -> x.softmax(0)),
        of("softmin", DType.F32, (x, y) -> Activations.softmin(x, 0)),
        of("logSoftmax", DType.F32, (x, y) -> x.logSoftmax(0)),
        of("logSumExp", DType.F32, (x, y) -> x.logSumExp(0, false)),
        of("trace", DType.F32, (x, y) -> LinearAlgebra.trace(x)),
        of("solve", DType.F32, (x, y) -> LinearAlgebra.solve(regular(x), x)),
        of("inverse", DType.F32, (x, y) -> LinearAlgebra.inverse(regular(x))),
        of("pseudoInverse", DType.F32, (x, y) -> LinearAlgebra.pseudoInverse(x)),
        of("leastSquares", DType.F32, (x, y) -> LinearAlgebra.leastSquares(regular(x), y)),
        of("determinant", DType.F32, (x, y) -> LinearAlgebra.determinant(x)),
        of("cholesky", DType.F32, (x, y) -> LinearAlgebra.cholesky(regular(x))),
        of("eigh", DType.F32, (x, y) -> LinearAlgebra.eigh(x).values()),
        of("svd", DType.F32, (x, y) -> LinearAlgebra.svd(x).s()),
        of("qr", DType.F32, (x, y) -> LinearAlgebra.qr(x).q()),
        of("mse", DType.F32, (x, y) -> Functional.mse(x, y)),
        of("crossEntropy", DType.F32, (x, y) -> CrossEntropy.mean(x, Tensor.arange(4))),
        of(
            "weighted crossEntropy",
            DType.F32,
            (x, y) -> CrossEntropy.rows(x, Tensor.arange(4), y.select(0, 0), null, 0.1).mean()),
        of(
            "layerNorm",
            DType.F32,
            (x, y) -> Normalization.layerNorm(x, null, null, Shape.of(4), 0)),
        of("groupNorm", DType.F32, (x, y) -> Normalization.groupNorm(x, 2, null, null, 0)),
        of("rmsNorm", DType.F32, (x, y) -> Normalization.rmsNorm(x, null, Shape.of(4), 0)),
        of("batchNorm", DType.BF16, (x, y) -> Normalization.batchNorm(x, null, null, null, 0, 1)),
        of("gelu", DType.BF16, (x, y) -> Activations.gelu(x)),
        of("sigmoid", DType.BF16, (x, y) -> x.sigmoid()),
        of("sqrt", DType.BF16, (x, y) -> x.sqrt()),
        of("atan2", DType.F32, (x, y) -> Pointwise.atan2(x, y)),
        of("logAddExp", DType.F32, (x, y) -> Pointwise.logAddExp(x, y)),
        of("remainder", DType.F32, (x, y) -> Pointwise.remainder(y, x)),
        of("addcmul", DType.F32, (x, y) -> Pointwise.addcmul(x, y, x, 2)),
        of("addcdiv", DType.F32, (x, y) -> Pointwise.addcdiv(x, y, x, 2)),
        of("dot", DType.F32, (x, y) -> LinearAlgebra.dot(x.select(0, 0), y.select(0, 0))),
        of("indexAdd", DType.F32, (x, y) -> Selection.indexAdd(x, 0, Tensor.arange(4), y)),
        of("indexCopy", DType.F32, (x, y) -> Selection.indexCopy(y, 0, Tensor.arange(4), x)),
        of("indexPut", DType.F32, AutocastTest::put),
        of("scatterAdd", DType.F32, AutocastTest::scattered),
        of("stack", DType.F32, (x, y) -> Tensor.stack(0, x, y)),
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

  private static Tensor addedProduct(Tensor x, Tensor y) {
    Tensor batch = x.unsqueeze(0);
    return LinearAlgebra.baddbmm(y.unsqueeze(0), batch, y.unsqueeze(0), 2, 1);
  }

  private static Tensor put(Tensor x, Tensor y) {
    return Selection.indexPut(x, new Tensor[] {Tensor.arange(4)}, y, /* accumulate= */ true);
  }

  private static Tensor scattered(Tensor x, Tensor y) {
    return Selection.scatterAdd(x, 0, Tensor.zeros(DType.I64, 4, 4), y);
  }

  /** Returns a positive definite matrix. */
  private static Tensor regular(Tensor x) {
    return Tensor.of(new double[] {2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2}, 4, 4)
        .to(x.dtype());
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
    Parameter v1 = Parameter.of(w1.detach());
    Parameter c1 = Parameter.of(b1.detach());
    Parameter v2 = Parameter.of(w2.detach());
    Tensor hidden = x.to(lower).linear(v1.to(lower), c1.to(lower)).relu();
    Tensor byHand = CrossEntropy.mean(hidden.linear(v2.to(lower), null).to(DType.F32), labels);
    byHand.backward();

    assertThat(loss.dtype()).isEqualTo(DType.F32);
    assertThat(loss.item()).isEqualTo(byHand.item());
    // Gradients of parameters without memory for them are made in 16 bits both ways.
    float[][] expected = gradients(v1, c1, v2);
    for (int i = 0; i < expected.length; i++) {
      assertThat(gradients[i]).containsExactly(expected[i]);
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
