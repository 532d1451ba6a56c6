package io.fulgur.metric;

/**
 * A number that says how well classes are ranked.
 *
 * @param <S> the metric itself
 * @since 0.1
 */
public abstract class RankingMetric<S extends RankingMetric<S>> extends ScoreMetric<S>
    implements ScalarMetric {
  RankingMetric(ClassOptions options) {
    super(options);
  }

  /** Returns the value of one class; NaN if it has none. */
  abstract double score(RankedScores ranked);

  /**
   * Returns an empty metric that averages over classes in this way; the default is {@link
   * Average#MACRO}.
   */
  public final S average(Average average) {
    return create(options.withAverage(average));
  }

  @Override
  public final double compute() {
    return averaged(/* newest= */ false);
  }

  @Override
  public final double batchValue() {
    return averaged(/* newest= */ true);
  }

  /**
   * Returns the value of each class or label, as {@code average="none"} of torchmetrics; {@code
   * NaN} of one that has none.
   */
  public final double[] perClass() {
    return ofEachClass(this::score).stream().mapToDouble(Double::doubleValue).toArray();
  }

  private double averaged(boolean newest) {
    if (options.classes() == 1 || options.average() == Average.MICRO) {
      return score(store.rankedTogether(newest));
    }
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < options.classes(); i++) {
      RankedScores ranked = store.ranked(i, newest);
      if (ranked.hasNan) {
        return Double.NaN;
      }
      double score = score(ranked);
      if (!Double.isNaN(score)) {
        double weight = options.average() == Average.WEIGHTED ? ranked.positives : 1;
        sum += weight * score;
        weights += weight;
      }
    }
    return sum / weights;
  }
}
