package io.fulgur.metric;

/**
 * Intersection over union (IoU) of predicted and true: {@code tp / (tp + fp + fn)}, 0 where both
 * are empty, as {@code jaccard_score} of scikit-learn.
 *
 * <p>Of segmentation, the samples are the pixels: scores {@code [batch, classes, height, width]},
 * targets {@code [batch, height, width]}. Averaged {@link Average#MACRO} unless told otherwise,
 * over all that was gathered rather than image by image.
 *
 * @since 0.1
 */
public final class JaccardIndex extends CountMetric<JaccardIndex> {
  private JaccardIndex(ClassOptions options) {
    super(options);
  }

  /** Returns an empty metric of the positive class of yes-or-no answers. */
  public static JaccardIndex binary() {
    return new JaccardIndex(ClassOptions.binary());
  }

  /**
   * Returns an empty metric of one of several classes.
   *
   * @throws io.fulgur.error.FulgurException if there are fewer than two
   */
  public static JaccardIndex multiclass(int classes) {
    return new JaccardIndex(ClassOptions.multiclass("JaccardIndex", classes, Average.MACRO));
  }

  /**
   * Returns an empty metric of yes-or-no answers for several labels.
   *
   * @throws io.fulgur.error.FulgurException if there is none
   */
  public static JaccardIndex multilabel(int labels) {
    return new JaccardIndex(ClassOptions.multilabel("JaccardIndex", labels, Average.MACRO));
  }

  @Override
  JaccardIndex create(ClassOptions newOptions) {
    return new JaccardIndex(newOptions);
  }

  @Override
  double score(long tp, long fp, long fn, long tn) {
    return ratio(tp, tp + fp + fn);
  }
}
