package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Generator;
import java.util.Arrays;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;

/** Indices drawn with replacement, each as likely as its weight. */
final class WeightedSampler implements Sampler {
  private final double[] cumulative;
  private final long draws;

  private WeightedSampler(double[] cumulative, long draws) {
    this.cumulative = cumulative;
    this.draws = draws;
  }

  static WeightedSampler of(double[] weights, long draws) {
    double[] cumulative = new double[weights.length];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0) || Double.isInfinite(weights[i])) {
        throw invalid(
            "Weight " + i + " is " + weights[i] + ". Weights must be finite and not negative.");
      }
      sum += weights[i];
      cumulative[i] = sum;
    }
    if (sum == 0) {
      throw invalid("Of " + weights.length + " weights none is positive. At least one must be.");
    }
    if (draws <= 0) {
      throw invalid("The number of draws is " + draws + ". It must be positive.");
    }
    return new WeightedSampler(cumulative, draws);
  }

  private static FulgurException invalid(String message) {
    return new FulgurException(ErrorId.INVALID_ARGUMENT, message);
  }

  @Override
  public long size() {
    return draws;
  }

  @Override
  public PrimitiveIterator.OfLong indices(EpochContext epoch) {
    Generator random = epoch.random();
    return LongStream.range(0, draws).map(draw -> pick(random.nextDouble())).iterator();
  }

  /** Returns the first index whose cumulative weight is above a part of the sum. */
  int pick(double uniform) {
    double sum = cumulative[cumulative.length - 1];
    // The product may round up to the sum, above which there is none.
    double wanted = Math.min(uniform * sum, Math.nextDown(sum));
    int found = Arrays.binarySearch(cumulative, wanted);
    int index = found < 0 ? -found - 1 : found;
    while (cumulative[index] <= wanted) {
      index++;
    }
    return index;
  }

  /** Returns e.g. {@code weighted(100 draws of 10)}. */
  @Override
  public String toString() {
    return "weighted(" + draws + " draws of " + cumulative.length + ")";
  }
}
