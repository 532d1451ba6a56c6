package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
  private static final int DRAWS = 200_000;

  /** The 99.99 % quantile of chi-square with 99 degrees of freedom. */
  private static final double CHI_SQUARE_99 = 161.3;

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, -1, 42, Long.MAX_VALUE})
  void nextDouble_isUniform(long seed) {
    Generator generator = new Generator(seed);
    int[] cells = new int[100];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
      double x = generator.nextDouble();
      assertThat(x).isBetween(0.0, Math.nextDown(1.0));
      cells[(int) (x * cells.length)]++;
      sum += x;
      squares += x * x;
    }

    double mean = sum / DRAWS;
    assertThat(mean).isCloseTo(0.5, within(5 * Math.sqrt(1 / 12.0 / DRAWS)));
    assertThat(squares / DRAWS - mean * mean).isCloseTo(1 / 12.0, within(1e-3));
    assertThat(chiSquare(cells)).isLessThan(CHI_SQUARE_99);
  }

  @Test
  void bitsAt_ofManyPlaces_areThoseOfEach() {
    Generator generator = new Generator(5);
    long[] bits = new long[Generator.MOST_TOGETHER];
    generator.bitsAt(1L << 40, bits, bits.length);

    for (int i = 0; i < bits.length; i++) {
      assertThat(bits[i]).isEqualTo(generator.bitsAt((1L << 40) + i));
    }
  }

  @Test
  void pairsOfNeighbours_areUniformOnTheSquare() {
    Generator generator = new Generator(3);
    int[] cells = new int[100];
    for (int i = 0; i < DRAWS; i++) {
      int row = (int) (generator.nextDouble() * 10);
      cells[10 * row + (int) (generator.nextDouble() * 10)]++;
    }

    assertThat(chiSquare(cells)).isLessThan(CHI_SQUARE_99);
  }

  @Test
  void nearSeeds_giveUnrelatedStreams() {
    Generator first = new Generator(1);
    Generator second = new Generator(2);
    int[] cells = new int[100];
    for (int i = 0; i < DRAWS; i++) {
      cells[10 * (int) (first.nextDouble() * 10) + (int) (second.nextDouble() * 10)]++;
    }

    assertThat(chiSquare(cells)).isLessThan(CHI_SQUARE_99);
  }

  private static double chiSquare(int[] cells) {
    double expected = (double) DRAWS / cells.length;
    double sum = 0;
    for (int count : cells) {
      sum += (count - expected) * (count - expected) / expected;
    }
    return sum;
  }

  @Test
  void nextGaussian_isNormal() {
    Generator generator = new Generator(5);

    double[] moments = moments(generator::nextGaussian);

    assertThat(moments[0]).isCloseTo(0, within(5 / Math.sqrt(DRAWS)));
    assertThat(moments[1]).isCloseTo(1, within(0.02));
    assertThat(moments[2]).isCloseTo(0, within(0.03));
    assertThat(moments[3]).isCloseTo(3, within(0.1));
  }

  /** Returns the mean and the central moments two to four. */
  private static double[] moments(DoubleSupplier draw) {
    double[] raw = new double[5];
    for (int i = 0; i < DRAWS; i++) {
      double x = draw.getAsDouble();
      for (int k = 1; k <= 4; k++) {
        raw[k] += Math.pow(x, k) / DRAWS;
      }
    }
    double m = raw[1];
    return new double[] {
      m,
      raw[2] - m * m,
      raw[3] - 3 * m * raw[2] + 2 * m * m * m,
      raw[4] - 4 * m * raw[3] + 6 * m * m * raw[2] - 3 * m * m * m * m
    };
  }

  @Test
  void nextLong_belowABound_hitsEachEquallyOften() {
    Generator generator = new Generator(11);
    int[] cells = new int[100];
    for (int i = 0; i < DRAWS; i++) {
      cells[(int) generator.nextLong(100)]++;
    }

    assertThat(chiSquare(cells)).isLessThan(CHI_SQUARE_99);
  }

  @Test
  void nextLong_belowAHugeBound_isUniform() {
    // Two thirds of 2^63: plain modulo would hit the lower half twice as often.
    long bound = Long.MAX_VALUE / 3 * 2;
    Generator generator = new Generator(12);
    int low = 0;
    for (int i = 0; i < 10_000; i++) {
      low += generator.nextLong(bound) < bound / 2 ? 1 : 0;
    }

    assertThat(low).isBetween(4750, 5250);
    assertThatThrownBy(() -> generator.nextLong(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void restore_goesOnWhereItWas() {
    Generator generator = new Generator(9);
    generator.nextGaussian();
    generator.nextLong(7);
    long seed = generator.seed();
    long offset = generator.offset();
    double[] expected = Tensor.normal(generator, 0, 1, DType.F64, 100).toDoubleArray();

    Generator other = new Generator(0);
    other.restore(seed, offset);

    assertThat(Tensor.normal(other, 0, 1, DType.F64, 100).toDoubleArray()).isEqualTo(expected);
    assertThat(other.offset()).isEqualTo(generator.offset());
  }

  @Test
  void bitsAt_aPlace_areTheDrawOfThatPlace() {
    Generator generator = new Generator(9);
    long first = generator.reserve(3);

    Generator other = new Generator(9);

    for (int i = 0; i < 3; i++) {
      assertThat(generator.bitsAt(first + i)).isEqualTo(other.nextLong());
    }
    assertThat(generator.nextLong()).isEqualTo(other.nextLong());
  }

  @Test
  void split_isUnrelatedAndReproducible() {
    assertThat(new Generator(4).split().nextLong()).isEqualTo(new Generator(4).split().nextLong());
    assertThat(new Generator(4).split().nextLong()).isNotEqualTo(new Generator(4).nextLong());
  }
}
