package io.fulgur.metric;

/**
 * How many predictions are right.
 *
 * <p>Of several classes, {@code tp / (tp + fn)} of a class, so that {@link Average#MICRO}, the
 * default, is {@code accuracy_score} of scikit-learn and {@link Average#MACRO} its macro recall
 * ({@code balanced_accuracy_score} leaves out classes that only predictions have). Of yes or no,
 * {@code (tp + tn) / all}, of each label apart.
 *
 * @since 0.1
 */
public final class Accuracy extends CountMetric<Accuracy> {
  private Accuracy(ClassOptions options) {
    super(options);
  }

  /** Returns an empty metric of the positive class of yes-or-no answers. */
  public static Accuracy binary() {
    return new Accuracy(ClassOptions.binary());
  }

  /**
   * Returns an empty metric of one of several classes.
   *
   * @throws io.fulgur.error.FulgurException if there are fewer than two
   */
  public static Accuracy multiclass(int classes) {
    return new Accuracy(ClassOptions.multiclass("Accuracy", classes, Average.MICRO));
  }

  /**
   * Returns an empty metric of yes-or-no answers for several labels.
   *
   * @throws io.fulgur.error.FulgurException if there is none
   */
  public static Accuracy multilabel(int labels) {
    return new Accuracy(ClassOptions.multilabel("Accuracy", labels, Average.MICRO));
  }

  /**
   * Returns an empty metric for which a prediction is right if the target is among the {@code k}
   * classes of the highest scores; of equal scores the first class comes first.
   *
   * @throws io.fulgur.error.FulgurException if {@code k} is not from 1 to the number of classes, or
   *     this is not a metric of several classes
   */
  public Accuracy topK(int k) {
    MetricErrors.requireOption(
        options.task() == ClassOptions.Task.MULTICLASS && k >= 1 && k <= options.classes(),
        "Accuracy",
        "topK",
        k,
        options.task() == ClassOptions.Task.MULTICLASS
            ? "1 to the number of classes, " + options.classes()
            : "left out where there are not several classes to choose from");
    return new Accuracy(options.withTopK(k));
  }

  @Override
  Accuracy create(ClassOptions newOptions) {
    return new Accuracy(newOptions);
  }

  @Override
  double score(long tp, long fp, long fn, long tn) {
    return options.task() == ClassOptions.Task.MULTICLASS
        ? ratio(tp, tp + fn)
        : ratio(tp + tn, tp + fp + fn + tn);
  }
}
