package io.fulgur.metric;

import io.fulgur.checkpoint.State;
import java.util.Arrays;

/**
 * How often which class was taken for which: entry {@code [i][j]} counts the samples of class
 * {@code i} of which {@code j} was predicted, as {@code confusion_matrix} of scikit-learn.
 *
 * <p>Of yes or no, the matrix is {@code [[tn, fp], [fn, tp]]}. Of several labels, each has a matrix
 * of its own: {@link MultilabelConfusionMatrix}.
 *
 * @since 0.1
 */
public final class ConfusionMatrix extends LabelMetric<ConfusionMatrix> {
  /** So that all entries fit into an array. */
  private static final int MOST_CLASSES = 46_340;

  private final int classes;
  private final long[] counts;

  private ConfusionMatrix(ClassOptions options) {
    super(options);
    classes = options.task() == ClassOptions.Task.BINARY ? 2 : options.classes();
    counts = new long[classes * classes];
  }

  /** Returns an empty matrix of yes-or-no answers. */
  public static ConfusionMatrix binary() {
    return new ConfusionMatrix(ClassOptions.binary());
  }

  /**
   * Returns an empty matrix of several classes.
   *
   * @throws io.fulgur.error.FulgurException if there are fewer than two, or more than 46,340
   */
  public static ConfusionMatrix multiclass(int classes) {
    MetricErrors.requireOption(
        classes <= MOST_CLASSES, "ConfusionMatrix", "classes", classes, "at most " + MOST_CLASSES);
    return new ConfusionMatrix(ClassOptions.multiclass("ConfusionMatrix", classes, Average.MICRO));
  }

  @Override
  ConfusionMatrix create(ClassOptions newOptions) {
    return new ConfusionMatrix(newOptions);
  }

  @Override
  void add(LabelPairs batch) {
    for (int i = 0; i < batch.size; i++) {
      counts[batch.actual[i] * classes + batch.predicted[i]]++;
    }
  }

  /** Returns the counts, {@code [classes][classes]}. */
  public long[][] compute() {
    long[][] rows = new long[classes][];
    for (int i = 0; i < classes; i++) {
      rows[i] = Arrays.copyOfRange(counts, i * classes, (i + 1) * classes);
    }
    return rows;
  }

  /** Returns the counts divided by their sums, {@code [classes][classes]}; 0 where a sum is 0. */
  public double[][] normalized(Normalization by) {
    long[] rowSums = new long[classes];
    long[] columnSums = new long[classes];
    long all = 0;
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        long count = counts[i * classes + j];
        rowSums[i] += count;
        columnSums[j] += count;
        all += count;
      }
    }
    double[][] shares = new double[classes][classes];
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        long sum =
            switch (by) {
              case TRUE -> rowSums[i];
              case PREDICTED -> columnSums[j];
              case ALL -> all;
            };
        shares[i][j] = CountMetric.ratio(counts[i * classes + j], sum);
      }
    }
    return shares;
  }

  @Override
  void absorb(ConfusionMatrix other) {
    ClassCounts.addAll(counts, other.counts);
  }

  @Override
  public void reset() {
    Arrays.fill(counts, 0);
  }

  @Override
  public State state() {
    return State.builder().put("counts", counts).build();
  }

  @Override
  public void loadState(State state) {
    ClassCounts.load(name(), state, "counts", counts);
  }
}
