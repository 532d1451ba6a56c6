package io.fulgur.metric;

/**
 * Average precision {@code Σ (R[n] - R[n-1]) P[n]} over falling thresholds, the area under the
 * precision-recall curve without interpolation, as {@code average_precision_score} of scikit-learn.
 *
 * <p>A class without positives has no value and is left out of averages. (scikit-learn takes 0 for
 * it.)
 *
 * @since 0.1
 */
public final class AveragePrecision extends RankingMetric<AveragePrecision> {
  private AveragePrecision(ClassOptions options) {
    super(options);
  }

  /** Returns an empty metric of yes-or-no answers. */
  public static AveragePrecision binary() {
    return new AveragePrecision(ClassOptions.binary());
  }

  /**
   * Returns an empty metric of one of several classes.
   *
   * @throws io.fulgur.error.FulgurException if there are fewer than two
   */
  public static AveragePrecision multiclass(int classes) {
    return new AveragePrecision(
        ClassOptions.multiclass("AveragePrecision", classes, Average.MACRO));
  }

  /**
   * Returns an empty metric of yes-or-no answers for several labels.
   *
   * @throws io.fulgur.error.FulgurException if there is none
   */
  public static AveragePrecision multilabel(int labels) {
    return new AveragePrecision(ClassOptions.multilabel("AveragePrecision", labels, Average.MACRO));
  }

  @Override
  AveragePrecision create(ClassOptions newOptions) {
    return new AveragePrecision(newOptions);
  }

  @Override
  double score(RankedScores ranked) {
    return ranked.averagePrecision();
  }
}
