package io.fulgur.tensor.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TensorHygiene.class)
class RandomTest {
  private static final int MANY = 100_000;

  /** How far a mean of many draws may be off by chance, in standard deviations. */
  private static final double FAR = 5 / Math.sqrt(MANY);

  @Test
  void everyDraw_afterRestoringTheState_isTheSame() {
    Tensor weights = Tensor.of(new double[] {1, 0, 2, 3}, 4);
    List<Function<Generator, Tensor>> draws =
        List.of(
            g -> Random.uniform(g, -1, 1, DType.F32, 7),
            g -> Random.normal(g, 0, 1, DType.F64, 7),
            g -> Random.exponential(g, 2, DType.F32, 7),
            g -> Random.integers(g, -3, 9, 7),
            g -> Random.permutation(g, 7),
            g -> Random.bernoulli(g, 0.5, DType.F32, 7),
            g -> Random.bernoulli(g, Tensor.full(0.5, DType.F32, 7)),
            g -> Random.multinomial(g, weights, 7, /* replacement= */ true),
            g -> Random.multinomial(g, weights, 3, /* replacement= */ false));
    Generator generator = new Generator(3);
    for (Function<Generator, Tensor> draw : draws) {
      long seed = generator.seed();
      long offset = generator.offset();
      double[] first = draw.apply(generator).toDoubleArray();
      double[] next = draw.apply(generator).toDoubleArray();
      generator.restore(seed, offset);

      assertThat(draw.apply(generator).toDoubleArray()).containsExactly(first);
      assertThat(draw.apply(generator).toDoubleArray()).containsExactly(next);
    }
  }

  @Test
  void exponential_hasTheMeanAndSpreadOfItsRate() {
    Tensor x = Random.exponential(new Generator(1), 4, DType.F64, MANY);

    assertThat(x.min().item()).isNotNegative();
    assertThat(x.mean().item()).isCloseTo(0.25, within(0.25 * FAR));
    assertThat(Statistics.std(x, 1, false).item()).isCloseTo(0.25, within(0.01));
  }

  @Test
  void integers_coverTheirRangeEvenly() {
    long[] x = Random.integers(new Generator(1), -2, 3, MANY).toLongArray();

    for (long value = -2; value < 3; value++) {
      long wanted = value;
      double share = (double) LongStream.of(x).filter(v -> v == wanted).count() / MANY;
      assertThat(share).isCloseTo(0.2, within(0.4 * FAR));
    }
  }

  @Test
  void permutation_hasEachNumberOnce_andEachPlaceForEach() {
    Generator generator = new Generator(5);
    long[] firsts = new long[4];
    for (int i = 0; i < 4000; i++) {
      long[] order = Random.permutation(generator, 4).toLongArray();
      firsts[(int) order[0]]++;
      Arrays.sort(order);
      assertThat(order).containsExactly(0, 1, 2, 3);
    }

    assertThat(LongStream.of(firsts).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(860L, 1140L));
  }

  @Test
  void bernoulli_drawsEachWithItsOwnProbability() {
    Tensor p = Tensor.of(new float[] {0, 1, 0.25f}, 3, 1).expand(3, MANY);

    double[] means = Random.bernoulli(new Generator(1), p).mean(false, 1).toDoubleArray();

    assertThat(means[0]).isZero();
    assertThat(means[1]).isEqualTo(1);
    assertThat(means[2]).isCloseTo(0.25, within(FAR));
  }

  @Test
  void multinomial_withReplacement_followsTheWeights() {
    Tensor weights = Tensor.of(new double[] {1, 0, 3, 2, 1, 1, 0, 0, 4, 4}, 2, 5);

    Tensor draws = Random.multinomial(new Generator(2), weights, MANY, /* replacement= */ true);

    for (int row = 0; row < 2; row++) {
      long[] counts = Statistics.bincount(draws.select(0, row).contiguous(), 5).toLongArray();
      double[] w = weights.select(0, row).toDoubleArray();
      double sum = Arrays.stream(w).sum();
      for (int i = 0; i < 5; i++) {
        assertThat((double) counts[i] / MANY).isCloseTo(w[i] / sum, within(FAR));
      }
    }
  }

  @Test
  void multinomial_withoutReplacement_drawsEachAtMostOnceAndNoneOfWeightZero() {
    Tensor weights = Tensor.of(new double[] {1, 0, 3, 2, 1e-6}, 5);
    Generator generator = new Generator(2);
    long thirdFirst = 0;
    for (int i = 0; i < 2000; i++) {
      long[] draws = Random.multinomial(generator, weights, 4, false).toLongArray();
      thirdFirst += draws[0] == 2 ? 1 : 0;
      Arrays.sort(draws);
      assertThat(draws).containsExactly(0, 2, 3, 4);
    }

    assertThat(thirdFirst / 2000.0).isCloseTo(0.5, within(0.06));
  }

  @Test
  void badArguments_areToldWithTheirValues() {
    Generator generator = new Generator(1);
    Tensor weights = Tensor.of(new double[] {1, 0}, 2);

    assertThatThrownBy(() -> Random.multinomial(generator, weights, 2, false))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("cannot draw 2 of 1 weights above 0");
    assertThatThrownBy(() -> Random.multinomial(generator, weights.neg(), 1, true))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("-1.0 at index 0");
    assertThatThrownBy(() -> Random.multinomial(generator, Tensor.zeros(2), 1, true))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("all are 0");
    assertThatThrownBy(() -> Random.bernoulli(generator, Tensor.of(new float[] {2}, 1)))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("[0, 1]")
        .hasMessageContaining("2.0");
    assertThatThrownBy(() -> Random.integers(generator, 3, 3, 1))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("low < high");
    assertThatThrownBy(() -> Random.exponential(generator, 0, DType.F32, 1))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("positive rate");
  }
}
