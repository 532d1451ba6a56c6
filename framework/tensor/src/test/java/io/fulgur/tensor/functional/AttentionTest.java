package io.fulgur.tensor.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Attention of sizes at which kernels work in blocks and on several threads, against all weights at
 * once in double precision.
 */
@ExtendWith(TensorHygiene.class)
class AttentionTest {

  @ParameterizedTest
  @CsvSource({
    "2, 3, 70, 70, 8, false, false, 0",
    "2, 3, 70, 70, 8, true, true, 0.3",
    "1, 2, 130, 600, 16, false, true, 0",
    "1, 2, 300, 530, 16, true, false, 0",
    "1, 2, 530, 300, 16, true, true, 0.5",
  })
  void scaledDotProduct_overSeveralBlocks_equalsAllWeightsInDoublePrecision(
      int batch,
      int heads,
      int queries,
      int keys,
      int features,
      boolean causal,
      boolean masked,
      double dropout) {
    List<double[]> single =
        run(batch, heads, queries, keys, features, causal, masked, dropout, DType.F32);
    List<double[]> twice =
        run(batch, heads, queries, keys, features, causal, masked, dropout, DType.F64);
    for (int i = 0; i < single.size(); i++) {
      for (int j = 0; j < twice.get(i).length; j++) {
        double expected = twice.get(i)[j];
        assertThat(single.get(i)[j])
            .as("value %d of %d", j, i)
            .isCloseTo(expected, offset(2e-5 * (1 + Math.abs(expected))));
      }
    }
  }

  /** Returns the result and the gradients. */
  private static List<double[]> run(
      int batch,
      int heads,
      int queries,
      int keys,
      int features,
      boolean causal,
      boolean masked,
      double dropout,
      DType type) {
    Generator generator = new Generator(3);
    Tensor q = leaf(generator, type, batch, heads, queries, features);
    Tensor k = leaf(generator, type, batch, heads, keys, features);
    Tensor v = leaf(generator, type, batch, heads, keys, features);
    // Hides a whole block of keys from one sequence.
    Tensor mask = masked ? Tensor.arange(keys).lt(Math.min(keys - 1, 300)) : null;
    Attention.Options options =
        Attention.Options.all().mask(mask).causal(causal).dropout(dropout, new Generator(11));
    Tensor y = Attention.scaledDotProduct(q, k, v, options);
    y.square().sum().backward();
    List<double[]> results = new ArrayList<>();
    results.add(y.toDoubleArray());
    for (Tensor leaf : new Tensor[] {q, k, v}) {
      Tensor grad = leaf.grad();
      assertThat(grad).isNotNull();
      results.add(grad.toDoubleArray());
    }
    return results;
  }

  private static Tensor leaf(Generator generator, DType type, long... shape) {
    return Tensor.uniform(generator, -2, 2, DType.F32, shape).to(type).detach().requiresGrad(true);
  }

  @Test
  void dropout_ofOnes_zeroesTheShareAndKeepsTheMean() {
    Tensor q = Tensor.zeros(1, 1, 200, 4);
    Tensor v = Tensor.ones(1, 1, 200, 1);
    Attention.Options options = Attention.Options.all().dropout(0.25, new Generator(5));
    double[] y = Attention.scaledDotProduct(q, q, v, options).toDoubleArray();
    double sum = 0;
    for (double x : y) {
      // Each of 200 weights of 1/200 is 0 or 1/150.
      assertThat(x * 150).isCloseTo(Math.rint(x * 150), offset(1e-3));
      sum += x;
    }
    assertThat(sum / 200).isCloseTo(1, offset(0.02));
  }

  @Test
  void backward_afterSeedingAnew_usesTheDrawsOfTheForwardPass() {
    double[] expected = gradient(/* seedsAnew= */ false);
    assertThat(gradient(/* seedsAnew= */ true)).isEqualTo(expected);
  }

  private static double[] gradient(boolean seedsAnew) {
    Generator generator = new Generator(1);
    Tensor v = leaf(new Generator(2), DType.F32, 1, 2, 6, 3);
    Attention.Options options = Attention.Options.all().dropout(0.5, generator);
    Tensor q = Tensor.zeros(1, 2, 6, 3);
    Tensor sum = Attention.scaledDotProduct(q, q, v, options).sum();
    if (seedsAnew) {
      generator.seed(99);
    }
    sum.backward();
    Tensor grad = v.grad();
    assertThat(grad).isNotNull();
    return grad.toDoubleArray();
  }
}
