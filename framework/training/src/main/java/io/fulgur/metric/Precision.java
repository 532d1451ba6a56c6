package io.fulgur.metric;

/**
 * How many of those predicted to be of a class are: {@code tp / (tp + fp)}, 0 where nothing was
 * predicted, as {@code precision_score} of scikit-learn.
 *
 * <p>Averaged {@link Average#MICRO} unless told otherwise, which for several classes is the
 * accuracy.
 *
 * @since 0.1
 */
public final class Precision extends CountMetric<Precision> {
  private Precision(ClassOptions options) {
    super(options);
  }

  /** Returns an empty metric of the positive class of yes-or-no answers. */
  public static Precision binary() {
    return new Precision(ClassOptions.binary());
  }

  /**
   * Returns an empty metric of one of several classes.
   *
   * @throws io.fulgur.error.FulgurException if there are fewer than two
   */
  public static Precision multiclass(int classes) {
    return new Precision(ClassOptions.multiclass("Precision", classes, Average.MICRO));
  }

  /**
   * Returns an empty metric of yes-or-no answers for several labels.
   *
   * @throws io.fulgur.error.FulgurException if there is none
   */
  public static Precision multilabel(int labels) {
    return new Precision(ClassOptions.multilabel("Precision", labels, Average.MICRO));
  }

  @Override
  Precision create(ClassOptions newOptions) {
    return new Precision(newOptions);
  }

  @Override
  double score(long tp, long fp, long fn, long tn) {
    return ratio(tp, tp + fp);
  }
}
