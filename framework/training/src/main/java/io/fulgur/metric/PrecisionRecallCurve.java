package io.fulgur.metric;

import java.util.List;

/**
 * Precision against recall at each threshold, as {@code precision_recall_curve} of scikit-learn.
 *
 * @since 0.1
 */
public final class PrecisionRecallCurve extends ScoreMetric<PrecisionRecallCurve> {
  private PrecisionRecallCurve(ClassOptions options) {
    super(options);
  }

  /** Returns an empty curve of yes-or-no answers. */
  public static PrecisionRecallCurve binary() {
    return new PrecisionRecallCurve(ClassOptions.binary());
  }

  /**
   * Returns empty curves of several classes.
   *
   * @throws io.fulgur.error.FulgurException if there are fewer than two
   */
  public static PrecisionRecallCurve multiclass(int classes) {
    return new PrecisionRecallCurve(
        ClassOptions.multiclass("PrecisionRecallCurve", classes, Average.MACRO));
  }

  /**
   * Returns empty curves of yes-or-no answers for several labels.
   *
   * @throws io.fulgur.error.FulgurException if there is none
   */
  public static PrecisionRecallCurve multilabel(int labels) {
    return new PrecisionRecallCurve(
        ClassOptions.multilabel("PrecisionRecallCurve", labels, Average.MACRO));
  }

  @Override
  PrecisionRecallCurve create(ClassOptions newOptions) {
    return new PrecisionRecallCurve(newOptions);
  }

  /** Returns the points of each class or label; of yes-or-no answers, one list element. */
  public List<Points> compute() {
    return ofEachClass(PrecisionRecallCurve::points);
  }

  private static Points points(RankedScores ranked) {
    int size = ranked.size();
    double[] precision = new double[size + 1];
    double[] recall = new double[size + 1];
    double[] thresholds = new double[size];
    for (int i = 0; i < size; i++) {
      int from = size - 1 - i;
      precision[i] = ranked.precision(from);
      recall[i] =
          ranked.positives == 0 ? 1 : (double) ranked.truePositives[from] / ranked.positives;
      thresholds[i] = ranked.thresholds[from];
    }
    precision[size] = 1;
    return new Points(precision, recall, thresholds);
  }

  /**
   * The points of one class, from the lowest threshold on; the last is precision 1 and recall 0,
   * without a threshold, and the only one where a score is NaN. Recall is 1 where there are no
   * positives.
   *
   * @since 0.1
   */
  public static final class Points {
    private final double[] precision;
    private final double[] recall;
    private final double[] thresholds;

    private Points(double[] precision, double[] recall, double[] thresholds) {
      this.precision = precision;
      this.recall = recall;
      this.thresholds = thresholds;
    }

    /** Returns how many of those of at least a score are positive. */
    public double[] precision() {
      return precision.clone();
    }

    /** Returns how many positives have at least a score, falling. */
    public double[] recall() {
      return recall.clone();
    }

    /** Returns the scores, rising, one fewer than points. */
    public double[] thresholds() {
      return thresholds.clone();
    }
  }
}
