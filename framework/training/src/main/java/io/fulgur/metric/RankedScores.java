package io.fulgur.metric;

import java.util.Arrays;

/**
 * How many of either kind have at least a score, for each score that occurs, the highest first.
 *
 * <p>The scores of positives and of negatives are sorted apart, as arrays of primitives, and merged
 * from their ends, so that no sort has to carry along which score belongs to which.
 */
final class RankedScores {
  /** Scores that occur, falling. */
  final double[] thresholds;

  /** Positives of at least that score. */
  final long[] truePositives;

  /** Negatives of at least that score. */
  final long[] falsePositives;

  final long positives;
  final long negatives;

  /** Whether a score is NaN, so that there is no order. */
  final boolean hasNan;

  private RankedScores(double[] positive, double[] negative) {
    // What no score can be compared with is sorted to the end.
    hasNan = endsWithNan(positive) || endsWithNan(negative);
    positives = positive.length;
    negatives = negative.length;
    int i = hasNan ? 0 : positive.length;
    int j = hasNan ? 0 : negative.length;
    double[] values = new double[i + j];
    long[] tps = new long[values.length];
    long[] fps = new long[values.length];
    int size = 0;
    while (i > 0 || j > 0) {
      double next =
          j == 0 || (i > 0 && positive[i - 1] > negative[j - 1])
              ? positive[i - 1]
              : negative[j - 1];
      while (i > 0 && positive[i - 1] == next) {
        i--;
      }
      while (j > 0 && negative[j - 1] == next) {
        j--;
      }
      // So that -0.0 and 0.0, which are the same score, also read the same.
      values[size] = next + 0.0;
      tps[size] = positives - i;
      fps[size++] = negatives - j;
    }
    thresholds = Arrays.copyOf(values, size);
    truePositives = Arrays.copyOf(tps, size);
    falsePositives = Arrays.copyOf(fps, size);
  }

  /** Ranks counts of scores, of which that at place {@code i} is {@code i / (length - 1)}. */
  private RankedScores(long[] positive, long[] negative, boolean hasNan) {
    this.hasNan = hasNan;
    int size = 0;
    double[] values = new double[positive.length];
    long[] tps = new long[positive.length];
    long[] fps = new long[positive.length];
    long tp = 0;
    long fp = 0;
    for (int i = positive.length - 1; i >= 0; i--) {
      if (!hasNan && positive[i] + negative[i] > 0) {
        tp += positive[i];
        fp += negative[i];
        values[size] = (double) i / (positive.length - 1);
        tps[size] = tp;
        fps[size++] = fp;
      }
    }
    positives = tp;
    negatives = fp;
    thresholds = Arrays.copyOf(values, size);
    truePositives = Arrays.copyOf(tps, size);
    falsePositives = Arrays.copyOf(fps, size);
  }

  static RankedScores ofCounts(long[] positive, long[] negative, boolean hasNan) {
    return new RankedScores(positive, negative, hasNan);
  }

  private static boolean endsWithNan(double[] sorted) {
    return sorted.length > 0 && Double.isNaN(sorted[sorted.length - 1]);
  }

  int size() {
    return thresholds.length;
  }

  /** Returns the area under the ROC curve; NaN if there are not both kinds. */
  double areaUnderRoc() {
    if (hasNan || positives == 0 || negatives == 0) {
      return Double.NaN;
    }
    // Twice the area in units of one positive and one negative, whole numbers without rounding.
    double twice = 0;
    long tp = 0;
    long fp = 0;
    for (int i = 0; i < size(); i++) {
      twice += (double) (falsePositives[i] - fp) * ((double) truePositives[i] + tp);
      tp = truePositives[i];
      fp = falsePositives[i];
    }
    return twice / 2 / positives / negatives;
  }

  /** Returns the sum of precisions, each weighted by the recall gained; NaN without positives. */
  double averagePrecision() {
    if (hasNan || positives == 0) {
      return Double.NaN;
    }
    double sum = 0;
    long tp = 0;
    for (int i = 0; i < size(); i++) {
      sum += (double) (truePositives[i] - tp) * precision(i);
      tp = truePositives[i];
    }
    return sum / positives;
  }

  double precision(int index) {
    return (double) truePositives[index] / ((double) truePositives[index] + falsePositives[index]);
  }

  /** Collects scores. */
  static final class Builder {
    private final double[] positive;
    private final double[] negative;
    private int positives;
    private int negatives;

    Builder(int capacity) {
      positive = new double[capacity];
      negative = new double[capacity];
    }

    void add(double score, boolean isPositive) {
      if (isPositive) {
        positive[positives++] = score;
      } else {
        negative[negatives++] = score;
      }
    }

    RankedScores build() {
      return new RankedScores(sorted(positive, positives), sorted(negative, negatives));
    }

    private static double[] sorted(double[] values, int count) {
      double[] copy = Arrays.copyOf(values, count);
      Arrays.sort(copy);
      return copy;
    }
  }
}
