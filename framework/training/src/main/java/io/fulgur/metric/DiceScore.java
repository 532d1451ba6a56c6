package io.fulgur.metric;

/**
 * Dice coefficient of predicted and true: {@code 2 tp / (2 tp + fp + fn)}, 0 where both are empty.
 * It is the {@link FBetaScore} of beta 1 by another name.
 *
 * <p>Of segmentation, the samples are the pixels: scores {@code [batch, classes, height, width]},
 * targets {@code [batch, height, width]}. Averaged {@link Average#MACRO} unless told otherwise,
 * over all that was gathered rather than image by image.
 *
 * @since 0.1
 */
public final class DiceScore extends CountMetric<DiceScore> {
  private DiceScore(ClassOptions options) {
    super(options);
  }

  /** Returns an empty metric of the positive class of yes-or-no answers. */
  public static DiceScore binary() {
    return new DiceScore(ClassOptions.binary());
  }

  /**
   * Returns an empty metric of one of several classes.
   *
   * @throws io.fulgur.error.FulgurException if there are fewer than two
   */
  public static DiceScore multiclass(int classes) {
    return new DiceScore(ClassOptions.multiclass("DiceScore", classes, Average.MACRO));
  }

  /**
   * Returns an empty metric of yes-or-no answers for several labels.
   *
   * @throws io.fulgur.error.FulgurException if there is none
   */
  public static DiceScore multilabel(int labels) {
    return new DiceScore(ClassOptions.multilabel("DiceScore", labels, Average.MACRO));
  }

  @Override
  DiceScore create(ClassOptions newOptions) {
    return new DiceScore(newOptions);
  }

  @Override
  double score(long tp, long fp, long fn, long tn) {
    return ratio(2 * tp, 2 * tp + fp + fn);
  }
}
