package io.fulgur.metric;

import java.util.List;

/**
 * Weighted harmonic mean of precision and recall: {@code (1 + β²) tp / ((1 + β²) tp + β² fn + fp)},
 * 0 where both are 0, as {@code fbeta_score} of scikit-learn. Recall counts {@code β} times as much
 * as precision; with 1, the default, it is the F1 score.
 *
 * <p>Averaged {@link Average#MICRO} unless told otherwise.
 *
 * @since 0.1
 */
public final class FBetaScore extends CountMetric<FBetaScore> {
  private final double beta;

  private FBetaScore(ClassOptions options, double beta) {
    super(options);
    this.beta = beta;
  }

  /** Returns an empty metric of the positive class of yes-or-no answers. */
  public static FBetaScore binary() {
    return new FBetaScore(ClassOptions.binary(), 1);
  }

  /**
   * Returns an empty metric of one of several classes.
   *
   * @throws io.fulgur.error.FulgurException if there are fewer than two
   */
  public static FBetaScore multiclass(int classes) {
    return new FBetaScore(ClassOptions.multiclass("FBetaScore", classes, Average.MICRO), 1);
  }

  /**
   * Returns an empty metric of yes-or-no answers for several labels.
   *
   * @throws io.fulgur.error.FulgurException if there is none
   */
  public static FBetaScore multilabel(int labels) {
    return new FBetaScore(ClassOptions.multilabel("FBetaScore", labels, Average.MICRO), 1);
  }

  /**
   * Returns an empty metric with another {@code β}.
   *
   * @throws io.fulgur.error.FulgurException if it is not positive and finite
   */
  public FBetaScore beta(double newBeta) {
    MetricErrors.requireOption(
        newBeta > 0 && Double.isFinite(newBeta),
        "FBetaScore",
        "beta",
        newBeta,
        "positive and finite");
    return new FBetaScore(options, newBeta);
  }

  @Override
  FBetaScore create(ClassOptions newOptions) {
    return new FBetaScore(newOptions, beta);
  }

  @Override
  Object options() {
    return List.of(options, beta);
  }

  @Override
  double score(long tp, long fp, long fn, long tn) {
    double square = beta * beta;
    return ratio((1 + square) * tp, (1 + square) * tp + square * fn + fp);
  }
}
