package io.fulgur.metric;

/**
 * Area under the ROC curve: how likely a positive has a higher score than a negative, ties counting
 * half, as {@code roc_auc_score} of scikit-learn, of several classes with {@code
 * multi_class="ovr"}.
 *
 * <p>A class without positives or without negatives has no value and is left out of averages.
 *
 * @since 0.1
 */
public final class Auroc extends RankingMetric<Auroc> {
  private Auroc(ClassOptions options) {
    super(options);
  }

  /** Returns an empty metric of yes-or-no answers. */
  public static Auroc binary() {
    return new Auroc(ClassOptions.binary());
  }

  /**
   * Returns an empty metric of one of several classes.
   *
   * @throws io.fulgur.error.FulgurException if there are fewer than two
   */
  public static Auroc multiclass(int classes) {
    return new Auroc(ClassOptions.multiclass("Auroc", classes, Average.MACRO));
  }

  /**
   * Returns an empty metric of yes-or-no answers for several labels.
   *
   * @throws io.fulgur.error.FulgurException if there is none
   */
  public static Auroc multilabel(int labels) {
    return new Auroc(ClassOptions.multilabel("Auroc", labels, Average.MACRO));
  }

  @Override
  Auroc create(ClassOptions newOptions) {
    return new Auroc(newOptions);
  }

  @Override
  double score(RankedScores ranked) {
    return ranked.areaUnderRoc();
  }
}
