package io.fulgur.metric;

import io.fulgur.checkpoint.State;

/**
 * A metric of how often each class was predicted rightly and wrongly, and missed.
 *
 * <p>Gathers four counts a class, so that any number of batches takes the same memory.
 *
 * @param <S> the metric itself
 * @since 0.1
 */
public abstract class CountMetric<S extends CountMetric<S>> extends LabelMetric<S>
    implements ScalarMetric {
  private final ClassCounts total;
  private final ClassCounts batch;

  CountMetric(ClassOptions options) {
    super(options);
    total = new ClassCounts(options.classes());
    batch = new ClassCounts(options.classes());
  }

  /** Returns the value of these counts; where it is 0 / 0, 0. */
  abstract double score(long tp, long fp, long fn, long tn);

  /** Returns an empty metric that averages over classes in this way. */
  public final S average(Average average) {
    return create(options.withAverage(average));
  }

  @Override
  final void add(LabelPairs pairs) {
    batch.reset();
    if (options.task() == ClassOptions.Task.MULTICLASS) {
      batch.addClasses(pairs);
    } else {
      batch.addAnswers(pairs);
    }
    total.add(batch);
  }

  @Override
  public final double compute() {
    return averaged(total);
  }

  @Override
  public final double batchValue() {
    return averaged(batch);
  }

  /**
   * Returns the value of each class or label, as {@code average="none"} of torchmetrics; 0 where it
   * is 0 / 0, as of a class that was never predicted.
   */
  public final double[] perClass() {
    double[] scores = new double[total.classes()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = score(total, i);
    }
    return scores;
  }

  private double score(ClassCounts counts, int index) {
    return score(
        counts.truePositives[index],
        counts.falsePositives[index],
        counts.falseNegatives[index],
        counts.trueNegatives[index]);
  }

  private double averaged(ClassCounts counts) {
    if (counts.isEmpty()) {
      return Double.NaN;
    }
    return switch (options.average()) {
      case MICRO -> micro(counts);
      case MACRO -> macro(counts);
      case WEIGHTED -> weighted(counts);
    };
  }

  private double micro(ClassCounts counts) {
    long tp = 0;
    long fp = 0;
    long fn = 0;
    long tn = 0;
    for (int i = 0; i < counts.classes(); i++) {
      tp += counts.truePositives[i];
      fp += counts.falsePositives[i];
      fn += counts.falseNegatives[i];
      tn += counts.trueNegatives[i];
    }
    return score(tp, fp, fn, tn);
  }

  private double macro(ClassCounts counts) {
    boolean all = options.task() != ClassOptions.Task.MULTICLASS;
    double sum = 0;
    int classes = 0;
    for (int i = 0; i < counts.classes(); i++) {
      if (all || counts.isPresent(i)) {
        sum += score(counts, i);
        classes++;
      }
    }
    return sum / classes;
  }

  private double weighted(ClassCounts counts) {
    double sum = 0;
    long support = 0;
    for (int i = 0; i < counts.classes(); i++) {
      sum += score(counts, i) * counts.support(i);
      support += counts.support(i);
    }
    return support == 0 ? 0 : sum / support;
  }

  @Override
  final void absorb(S other) {
    CountMetric<S> that = other;
    total.add(that.total);
  }

  @Override
  public final void reset() {
    total.reset();
    batch.reset();
  }

  @Override
  public final State state() {
    return total.state();
  }

  @Override
  public final void loadState(State state) {
    total.load(name(), state);
    batch.reset();
  }

  /** Returns {@code a / b}, or 0 for 0 / 0. */
  static double ratio(double a, double b) {
    return b == 0 ? 0 : a / b;
  }

  /** Returns {@code a / b}, or 0 for 0 / 0. */
  static double ratio(long a, long b) {
    return ratio((double) a, (double) b);
  }
}
