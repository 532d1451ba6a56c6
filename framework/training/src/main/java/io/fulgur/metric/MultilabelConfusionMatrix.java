package io.fulgur.metric;

import io.fulgur.checkpoint.State;

/**
 * A matrix {@code [[tn, fp], [fn, tp]]} of each label, as {@code multilabel_confusion_matrix} of
 * scikit-learn.
 *
 * @since 0.1
 */
public final class MultilabelConfusionMatrix extends LabelMetric<MultilabelConfusionMatrix> {
  private final ClassCounts counts;

  private MultilabelConfusionMatrix(ClassOptions options) {
    super(options);
    counts = new ClassCounts(options.classes());
  }

  /**
   * Returns empty matrices of several labels.
   *
   * @throws io.fulgur.error.FulgurException if there is none
   */
  public static MultilabelConfusionMatrix of(int labels) {
    return new MultilabelConfusionMatrix(
        ClassOptions.multilabel("MultilabelConfusionMatrix", labels, Average.MICRO));
  }

  @Override
  MultilabelConfusionMatrix create(ClassOptions newOptions) {
    return new MultilabelConfusionMatrix(newOptions);
  }

  @Override
  void add(LabelPairs batch) {
    counts.addAnswers(batch);
  }

  /** Returns the counts, {@code [labels][2][2]}. */
  public long[][][] compute() {
    long[][][] matrices = new long[counts.classes()][][];
    for (int i = 0; i < matrices.length; i++) {
      matrices[i] =
          new long[][] {
            {counts.trueNegatives[i], counts.falsePositives[i]},
            {counts.falseNegatives[i], counts.truePositives[i]}
          };
    }
    return matrices;
  }

  @Override
  void absorb(MultilabelConfusionMatrix other) {
    counts.add(other.counts);
  }

  @Override
  public void reset() {
    counts.reset();
  }

  @Override
  public State state() {
    return counts.state();
  }

  @Override
  public void loadState(State state) {
    counts.load(name(), state);
  }
}
