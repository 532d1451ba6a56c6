package io.fulgur.metric;

/**
 * A metric that looks at which class was predicted, not at how sure the prediction is.
 *
 * @param <S> the metric itself
 * @since 0.1
 */
public abstract class LabelMetric<S extends LabelMetric<S>> extends ClassificationMetric<S> {
  private final LabelPairs pairs;

  LabelMetric(ClassOptions options) {
    super(options);
    pairs = new LabelPairs(getClass().getSimpleName(), options);
  }

  /** Takes predicted and true classes. */
  abstract void add(LabelPairs batch);

  @Override
  final void add(Values predictions, Values targets) {
    pairs.read(predictions, targets);
    add(pairs);
  }

  /**
   * Returns an empty metric for which a binary or multilabel probability above this is a yes; the
   * default is 0.5.
   *
   * @throws io.fulgur.error.FulgurException if it is not between 0 and 1, or if there are several
   *     classes of which the most probable is predicted
   */
  public final S threshold(double threshold) {
    requireAnswers("threshold");
    MetricErrors.requireOption(
        threshold > 0 && threshold < 1, name(), "threshold", threshold, "between 0 and 1");
    return create(options.withThreshold(threshold));
  }

  /**
   * Returns an empty metric that takes binary or multilabel scores before a sigmoid in place of
   * probabilities. (torchmetrics guesses from each batch which of them it has been given.)
   *
   * @throws io.fulgur.error.FulgurException if there are several classes, whose order no softmax
   *     changes
   */
  public final S fromLogits() {
    requireAnswers("fromLogits");
    return create(options.withLogits());
  }

  private void requireAnswers(String option) {
    MetricErrors.requireOption(
        options.task() != ClassOptions.Task.MULTICLASS,
        name(),
        option,
        "set for several classes",
        "left out there: the class of the highest score is predicted");
  }
}
