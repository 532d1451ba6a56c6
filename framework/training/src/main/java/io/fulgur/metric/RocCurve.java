package io.fulgur.metric;

import java.util.List;

/**
 * True positives against false positives at each threshold, as {@code roc_curve} of scikit-learn
 * with {@code drop_intermediate=False}.
 *
 * @since 0.1
 */
public final class RocCurve extends ScoreMetric<RocCurve> {
  private RocCurve(ClassOptions options) {
    super(options);
  }

  /** Returns an empty curve of yes-or-no answers. */
  public static RocCurve binary() {
    return new RocCurve(ClassOptions.binary());
  }

  /**
   * Returns empty curves of several classes.
   *
   * @throws io.fulgur.error.FulgurException if there are fewer than two
   */
  public static RocCurve multiclass(int classes) {
    return new RocCurve(ClassOptions.multiclass("RocCurve", classes, Average.MACRO));
  }

  /**
   * Returns empty curves of yes-or-no answers for several labels.
   *
   * @throws io.fulgur.error.FulgurException if there is none
   */
  public static RocCurve multilabel(int labels) {
    return new RocCurve(ClassOptions.multilabel("RocCurve", labels, Average.MACRO));
  }

  @Override
  RocCurve create(ClassOptions newOptions) {
    return new RocCurve(newOptions);
  }

  /** Returns the points of each class or label; of yes-or-no answers, one list element. */
  public List<Points> compute() {
    return ofEachClass(RocCurve::points);
  }

  private static Points points(RankedScores ranked) {
    int size = ranked.size() + 1;
    double[] fpr = new double[size];
    double[] tpr = new double[size];
    double[] thresholds = new double[size];
    thresholds[0] = Double.POSITIVE_INFINITY;
    fpr[0] = ranked.negatives == 0 ? Double.NaN : 0;
    tpr[0] = ranked.positives == 0 ? Double.NaN : 0;
    for (int i = 1; i < size; i++) {
      fpr[i] = (double) ranked.falsePositives[i - 1] / ranked.negatives;
      tpr[i] = (double) ranked.truePositives[i - 1] / ranked.positives;
      thresholds[i] = ranked.thresholds[i - 1];
    }
    return new Points(fpr, tpr, thresholds);
  }

  /**
   * The points of one class, from {@code (0, 0)} at a threshold of infinity on; only that one where
   * a score is NaN. A rate of what does not occur is NaN.
   *
   * @since 0.1
   */
  public static final class Points {
    private final double[] falsePositiveRate;
    private final double[] truePositiveRate;
    private final double[] thresholds;

    private Points(double[] falsePositiveRate, double[] truePositiveRate, double[] thresholds) {
      this.falsePositiveRate = falsePositiveRate;
      this.truePositiveRate = truePositiveRate;
      this.thresholds = thresholds;
    }

    /** Returns how many negatives have at least a score, rising. */
    public double[] falsePositiveRate() {
      return falsePositiveRate.clone();
    }

    /** Returns how many positives have at least a score, rising. */
    public double[] truePositiveRate() {
      return truePositiveRate.clone();
    }

    /** Returns the scores, falling. */
    public double[] thresholds() {
      return thresholds.clone();
    }
  }
}
