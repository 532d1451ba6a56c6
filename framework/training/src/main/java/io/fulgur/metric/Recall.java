package io.fulgur.metric;

/**
 * How many of those of a class were found: {@code tp / (tp + fn)}, 0 where there was none, as
 * {@code recall_score} of scikit-learn.
 *
 * <p>Averaged {@link Average#MICRO} unless told otherwise, which for several classes is the
 * accuracy.
 *
 * @since 0.1
 */
public final class Recall extends CountMetric<Recall> {
  private Recall(ClassOptions options) {
    super(options);
  }

  /** Returns an empty metric of the positive class of yes-or-no answers. */
  public static Recall binary() {
    return new Recall(ClassOptions.binary());
  }

  /**
   * Returns an empty metric of one of several classes.
   *
   * @throws io.fulgur.error.FulgurException if there are fewer than two
   */
  public static Recall multiclass(int classes) {
    return new Recall(ClassOptions.multiclass("Recall", classes, Average.MICRO));
  }

  /**
   * Returns an empty metric of yes-or-no answers for several labels.
   *
   * @throws io.fulgur.error.FulgurException if there is none
   */
  public static Recall multilabel(int labels) {
    return new Recall(ClassOptions.multilabel("Recall", labels, Average.MICRO));
  }

  @Override
  Recall create(ClassOptions newOptions) {
    return new Recall(newOptions);
  }

  @Override
  double score(long tp, long fp, long fn, long tn) {
    return ratio(tp, tp + fn);
  }
}
