package io.fulgur.tensor.functional;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Random draws. All randomness comes from the {@link Generator} that is passed in, whose state can
 * be saved and restored; equal states give equal draws.
 *
 * @since 0.1
 */
public final class Random {
  private Random() {}

  /** Returns numbers drawn uniformly from {@code [low, high)}. */
  public static Tensor uniform(
      Generator generator, double low, double high, DType dtype, long... shape) {
    return Tensor.uniform(generator, low, high, dtype, shape);
  }

  /** Returns numbers drawn from the normal distribution. */
  public static Tensor normal(
      Generator generator, double mean, double standardDeviation, DType dtype, long... shape) {
    return Tensor.normal(generator, mean, standardDeviation, dtype, shape);
  }

  /**
   * Returns numbers drawn from the exponential distribution, of density {@code rate exp(-rate x)}.
   *
   * @param rate positive
   */
  public static Tensor exponential(Generator generator, double rate, DType dtype, long... shape) {
    Arguments.require(rate > 0, "exponential needs a positive rate, but got %s.", rate);
    return Tensor.uniform(generator, 0, 1, DType.F64, shape).neg().log1p().mul(-1 / rate).to(dtype);
  }

  /**
   * Returns integers drawn uniformly from {@code [low, high)}, of {@link DType#I64}.
   *
   * @param high larger than {@code low}
   */
  public static Tensor integers(Generator generator, long low, long high, long... shape) {
    Arguments.require(low < high, "integers needs low < high, but got %d and %d.", low, high);
    return drawn(() -> low + generator.nextLong(high - low), shape);
  }

  /** Returns {@code 0, ..., n - 1} in random order, of {@link DType#I64}. */
  public static Tensor permutation(Generator generator, int n) {
    Arguments.require(n >= 0, "permutation needs n >= 0, but got %d.", n);
    long[] values = new long[n];
    Arrays.setAll(values, i -> i);
    // Fisher and Yates.
    for (int i = n - 1; i > 0; i--) {
      int other = (int) generator.nextLong(i + 1);
      long value = values[i];
      values[i] = values[other];
      values[other] = value;
    }
    return Tensor.of(values, n);
  }

  /**
   * Returns 1 with the probability that an element tells, else 0, in that tensor's type.
   *
   * @param probabilities in {@code [0, 1]}
   */
  public static Tensor bernoulli(Generator generator, Tensor probabilities) {
    Arguments.requireFloating("bernoulli", probabilities);
    double[] p = probabilities.toDoubleArray();
    for (double one : p) {
      Arguments.require(
          one >= 0 && one <= 1, "bernoulli needs probabilities in [0, 1], but got %s.", one);
    }
    double[] draws = new double[p.length];
    Arrays.setAll(draws, i -> generator.nextDouble() < p[i] ? 1 : 0);
    return Tensor.of(draws, probabilities.shape().toArray()).to(probabilities.dtype());
  }

  /** Returns 1 with probability {@code p}, else 0. */
  public static Tensor bernoulli(Generator generator, double p, DType dtype, long... shape) {
    Arguments.require(p >= 0 && p <= 1, "bernoulli needs p in [0, 1], but got %s.", p);
    return Tensor.uniform(generator, 0, 1, DType.F64, shape).lt(p).to(dtype);
  }

  /**
   * Returns indices drawn with probabilities proportional to weights, as {@code torch.multinomial}.
   *
   * @param weights {@code [n]} or {@code [rows, n]}, not negative and of a positive finite sum
   * @param draws how many for each row; without replacement at most as many as weights above 0
   * @return {@code [draws]} or {@code [rows, draws]}, of {@link DType#I64}
   */
  public static Tensor multinomial(
      Generator generator, Tensor weights, int draws, boolean replacement) {
    Arguments.requireFloating("multinomial", weights);
    if (weights.rank() != 1 && weights.rank() != 2) {
      throw ShapeException.mismatch(
          "multinomial", "the weights must be [n] or [rows, n]", weights.shape());
    }
    Arguments.require(draws >= 0, "multinomial needs draws >= 0, but got %d.", draws);
    int n = (int) weights.size(-1);
    int rows = weights.rank() == 1 ? 1 : (int) weights.size(0);
    double[] all = weights.toDoubleArray();
    long[] picked = new long[rows * draws];
    for (int row = 0; row < rows; row++) {
      double[] w = Arrays.copyOfRange(all, row * n, (row + 1) * n);
      Multinomial distribution = new Multinomial(w);
      distribution.requireEnough(draws, replacement);
      for (int i = 0; i < draws; i++) {
        int index = distribution.draw(generator);
        picked[row * draws + i] = index;
        if (!replacement) {
          distribution.remove(index);
        }
      }
    }
    return weights.rank() == 1 ? Tensor.of(picked, draws) : Tensor.of(picked, rows, draws);
  }

  private static Tensor drawn(LongSupplier draw, long... shape) {
    long elements = 1;
    for (long size : shape) {
      elements = Math.multiplyExact(elements, size);
    }
    long[] values = new long[Math.toIntExact(elements)];
    Arrays.setAll(values, i -> draw.getAsLong());
    return Tensor.of(values, shape);
  }
}
