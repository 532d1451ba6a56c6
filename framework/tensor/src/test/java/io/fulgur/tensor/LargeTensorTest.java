package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.functional.CrossEntropy;
import io.fulgur.tensor.functional.Normalization;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tensors larger than the blocks and widths in which kernels work: single precision, whose kernels
 * are ours, against double precision, whose kernels are ND4J's.
 */
@Tag("kernels")
@ExtendWith(TensorHygiene.class)
class LargeTensorTest {
  private static Tensor values(long... shape) {
    return Tensor.uniform(new Generator(Shape.of(shape).elements()), 0.25, 2, DType.F64, shape);
  }

  private static void same(Tensor single, Tensor twice, double tolerance) {
    double[] actual = single.toDoubleArray();
    double[] expected = twice.toDoubleArray();
    assertThat(single.shape()).isEqualTo(twice.shape());
    for (int i = 0; i < actual.length; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= tolerance * (1 + Math.abs(expected[i])))) {
        assertThat(actual[i]).as("element %d of %s", i, twice.shape()).isEqualTo(expected[i]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 2047, 2048, 2049, 4096, 5001})
  void elementwise_ofAnyLength_equalsDouble(int length) {
    Tensor x = values(length);
    for (UnaryOperator<Tensor> function : unary()) {
      same(function.apply(x.to(DType.F32)), function.apply(x), 1e-6);
    }
    Tensor y = values(length).sub(1);
    for (BinaryOperator<Tensor> function : binary()) {
      same(function.apply(x.to(DType.F32), y.to(DType.F32)), function.apply(x, y), 1e-5);
    }
  }

  private static Iterable<UnaryOperator<Tensor>> unary() {
    return Stream.<UnaryOperator<Tensor>>of(
            x -> x.mul(2.5).add(-1),
            x -> x.sub(1).clamp(-0.5, 0.5),
            x -> x.sub(1).abs(),
            Tensor::square,
            Tensor::sqrt,
            Tensor::reciprocal,
            x -> x.sub(1).relu(),
            Tensor::exp,
            Tensor::tanh,
            x -> x.softmax(0),
            x -> x.logSoftmax(0))
        .toList();
  }

  private static Iterable<BinaryOperator<Tensor>> binary() {
    return Stream.<BinaryOperator<Tensor>>of(
            Tensor::add,
            Tensor::sub,
            Tensor::mul,
            Tensor::maximum,
            Tensor::minimum,
            (x, y) -> y.div(x))
        .toList();
  }

  static Stream<Arguments> shapes() {
    return IntStream.of(1, 3, 1023, 1024, 1025, 2048, 2049, 5000)
        .boxed()
        .flatMap(
            width ->
                Stream.of(
                    Arguments.of(new long[] {5, width}, new long[] {width}),
                    Arguments.of(new long[] {5, width}, new long[] {5, 1}),
                    Arguments.of(new long[] {width, 3}, new long[] {3}),
                    Arguments.of(new long[] {width, 3}, new long[] {width, 1}),
                    Arguments.of(new long[] {width, 3}, new long[] {}),
                    Arguments.of(new long[] {2, 3, width}, new long[] {3, width}),
                    Arguments.of(new long[] {2, 3, width}, new long[] {2, 1, 1}),
                    Arguments.of(new long[] {2, 3, width}, new long[] {3, 1}),
                    Arguments.of(new long[] {2, width}, new long[] {1, width})));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void broadcasts_onEitherSide_equalDouble(long[] full, long[] small) {
    Tensor a = values(full);
    Tensor b = values(small).add(0.1);
    for (BinaryOperator<Tensor> function : binary()) {
      same(function.apply(a.to(DType.F32), b.to(DType.F32)), function.apply(a, b), 1e-5);
      same(function.apply(b.to(DType.F32), a.to(DType.F32)), function.apply(b, a), 1e-5);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void gradients_ofBroadcasts_equalDouble(long[] full, long[] small) {
    Tensor[] single = gradients(values(full).to(DType.F32), values(small).to(DType.F32));
    Tensor[] twice = gradients(values(full), values(small));

    same(single[0], twice[0], 1e-5);
    same(single[1], twice[1], 1e-5);
  }

  private static Tensor[] gradients(Tensor a, Tensor b) {
    Tensor x = a.detach().requiresGrad(true);
    Tensor y = b.detach().requiresGrad(true);
    x.mul(y).square().sum().backward();
    return new Tensor[] {x.grad(), y.grad()};
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void reductions_equalDouble(long[] shape, long[] ignored) {
    Tensor x = values(shape);
    for (int mask = 1; mask < 1 << shape.length; mask++) {
      int chosen = mask;
      int[] dims = IntStream.range(0, shape.length).filter(i -> (chosen >> i & 1) != 0).toArray();
      same(x.to(DType.F32).sum(true, dims), x.sum(true, dims), 1e-5);
      same(x.to(DType.F32).mean(false, dims), x.mean(false, dims), 1e-5);
      same(x.to(DType.F32).max(false, dims), x.to(DType.F32).to(DType.F64).max(false, dims), 0);
    }
  }

  @Test
  void sum_ofAMillion_keepsSingleAccuracy() {
    Tensor x = values(1000, 1000);
    double expected = 0;
    for (double value : x.to(DType.F32).toDoubleArray()) {
      expected += value;
    }

    assertThat(x.to(DType.F32).sum().item() / expected).isBetween(1 - 1e-6, 1 + 1e-6);
    assertThat(x.to(DType.F32).mean().item() * 1e6 / expected).isBetween(1 - 1e-6, 1 + 1e-6);
    same(x.to(DType.F32).sum(false, 0), x.sum(false, 0), 1e-5);
    same(x.to(DType.F32).sum(false, 1), x.sum(false, 1), 1e-6);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 63, 65, 130})
  void products_ofAllOrientations_equalDouble(int size) {
    Tensor a = values(size, 70).sub(1);
    Tensor b = values(70, size).sub(1);
    same(a.to(DType.F32).matmul(b.to(DType.F32)), a.matmul(b), 1e-5);
    Tensor at = a.transpose(0, 1).contiguous();
    Tensor bt = b.transpose(0, 1).contiguous();
    Tensor expected = a.matmul(b);
    same(t(at.to(DType.F32)).matmul(b.to(DType.F32)), expected, 1e-5);
    same(a.to(DType.F32).matmul(t(bt.to(DType.F32))), expected, 1e-5);
    same(t(at.to(DType.F32)).matmul(t(bt.to(DType.F32))), expected, 1e-5);
    // Windows of larger matrices, with an offset.
    Tensor wide = Tensor.concat(1, b.to(DType.F32), b.to(DType.F32)).slice(1, size, 2L * size);
    same(a.to(DType.F32).matmul(wide), expected, 1e-5);
    Tensor stacked = Tensor.stack(0, a, a).to(DType.F32);
    same(stacked.select(0, 1).matmul(b.to(DType.F32)), expected, 1e-5);
    same(stacked.matmul(b.to(DType.F32)).select(0, 1), expected, 1e-5);
    same(a.to(DType.F32).linear(bt.to(DType.F32), null), expected, 1e-5);
  }

  private static Tensor t(Tensor x) {
    return x.transpose(0, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 130})
  void gradients_ofProducts_addUpOverTwoPasses(int size) {
    Tensor x = values(size, 70).to(DType.F32);
    Parameter weight = Parameter.of(values(size, 70).to(DType.F32));
    Parameter bias = Parameter.of(values(size).to(DType.F32));
    Tensor[] first = new Tensor[2];
    for (int pass = 0; pass < 2; pass++) {
      try (StepScope scope = StepScope.open("passes")) {
        x.linear(weight, bias).square().mean().backward();
        if (pass == 0) {
          first[0] = weight.grad().keep();
          first[1] = bias.grad().keep();
        }
      }
    }

    same(weight.grad(), first[0].to(DType.F64).mul(2), 1e-5);
    same(bias.grad(), first[1].to(DType.F64).mul(2), 1e-5);
  }

  @Test
  void crossEntropy_ofManyClasses_equalsDouble() {
    Tensor logits = values(7, 3000).mul(10);
    Tensor labels = Tensor.of(new long[] {0, 2999, 5, 2048, 2047, 1, 77}, 7);
    Tensor single = logits.to(DType.F32).requiresGrad(true);
    Tensor twice = logits.detach().requiresGrad(true);

    Tensor loss = CrossEntropy.mean(single, labels);
    Tensor expected = CrossEntropy.mean(twice, labels);
    loss.backward();
    expected.backward();

    same(loss, expected, 1e-5);
    same(single.grad(), twice.grad(), 1e-6);
  }

  @Test
  void layerNorm_ofWideRows_equalsDouble() {
    Tensor x = values(3, 5000);
    Tensor w = values(5000);
    Tensor b = values(5000).sub(1);
    Tensor[] single = layerNorm(x.to(DType.F32), w.to(DType.F32), b.to(DType.F32));
    Tensor[] twice = layerNorm(x, w, b);

    for (int i = 0; i < single.length; i++) {
      same(single[i], twice[i], 1e-5);
    }
  }

  private static Tensor[] layerNorm(Tensor x, Tensor weight, Tensor bias) {
    Tensor[] leaves = {
      x.detach().requiresGrad(true),
      weight.detach().requiresGrad(true),
      bias.detach().requiresGrad(true)
    };
    Tensor y = Normalization.layerNorm(leaves[0], leaves[1], leaves[2], weight.shape(), 1e-5);
    y.mul(x).sum().backward();
    return new Tensor[] {y, leaves[0].grad(), leaves[1].grad(), leaves[2].grad()};
  }
}
