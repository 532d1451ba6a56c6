package io.fulgur.metric;

import io.fulgur.checkpoint.State;
import io.fulgur.data.HostArray;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Precision, recall, F1 score and support of each class and their averages as a table, which prints
 * exactly what {@code classification_report} of scikit-learn does.
 *
 * <pre>{@code
 * System.out.print(report.update(logits, labels).compute());
 *
 *               precision    recall  f1-score   support
 *
 *            0       0.97      0.99      0.98       142
 *            1       0.98      0.95      0.96       108
 *
 *     accuracy                           0.97       250
 *    macro avg       0.97      0.97      0.97       250
 * weighted avg       0.97      0.97      0.97       250
 * }</pre>
 *
 * <p>Unless {@linkplain #labels told} which classes to list, those are that were predicted or a
 * target; of several labels, all. A ratio of 0 / 0 is 0.
 *
 * @since 0.1
 */
public final class ClassificationReport extends LabelMetric<ClassificationReport> {
  private final Layout layout;
  private final ClassCounts counts;

  /** Sums over samples of precision, recall and F1 score, and the number of samples. */
  private final double[] samples = new double[4];

  /** How the report looks; empty lists stand for what was not said. */
  private record Layout(List<Integer> labels, List<String> names, int digits) {}

  private ClassificationReport(ClassOptions options, Layout layout) {
    super(options);
    this.layout = layout;
    this.counts = new ClassCounts(isBinary() ? 2 : options.classes());
  }

  private static ClassificationReport of(ClassOptions options) {
    return new ClassificationReport(options, new Layout(List.of(), List.of(), /* digits= */ 2));
  }

  /** Returns an empty report of yes-or-no answers, with a row for both. */
  public static ClassificationReport binary() {
    return of(ClassOptions.binary());
  }

  /**
   * Returns an empty report of several classes.
   *
   * @throws FulgurException if there are fewer than two
   */
  public static ClassificationReport multiclass(int classes) {
    return of(ClassOptions.multiclass("ClassificationReport", classes, Average.MICRO));
  }

  /**
   * Returns an empty report of yes-or-no answers for several labels; both predictions and targets
   * are {@code [batch, labels]}.
   *
   * @throws FulgurException if there is none
   */
  public static ClassificationReport multilabel(int labels) {
    return of(ClassOptions.multilabel("ClassificationReport", labels, Average.MICRO));
  }

  /**
   * Returns the table of these predictions, as {@code classification_report(targets, predictions)}.
   *
   * @param predictions classes, of any numbers
   * @param targets classes, of any numbers
   * @throws FulgurException if there is none, or not as many of both
   */
  public static ReportTable of(long[] predictions, long[] targets) {
    long[] all =
        LongStream.concat(Arrays.stream(predictions), Arrays.stream(targets))
            .sorted()
            .distinct()
            .toArray();
    String[] names = new String[Math.max(2, all.length)];
    Arrays.fill(names, "");
    for (int i = 0; i < all.length; i++) {
      names[i] = Long.toString(all[i]);
    }
    return multiclass(names.length)
        .names(names)
        .update(HostArray.of(places(predictions, all)), HostArray.of(places(targets, all)))
        .compute();
  }

  private static long[] places(long[] classes, long[] sorted) {
    return Arrays.stream(classes).map(each -> Arrays.binarySearch(sorted, each)).toArray();
  }

  /**
   * Returns an empty report of these classes in this order, as the argument {@code labels} of
   * scikit-learn; others count where they were mistaken for one of these. Where they are not those
   * that occur, there is a micro average in place of the accuracy.
   *
   * @throws FulgurException if there is none, or one is no class
   */
  public ClassificationReport labels(int... labels) {
    int classes = counts.classes();
    MetricErrors.requireOption(labels.length > 0, name(), "labels", "empty", "at least one");
    for (int label : labels) {
      MetricErrors.requireOption(
          label >= 0 && label < classes, name(), "labels", label, "0 to " + (classes - 1));
    }
    return new ClassificationReport(
        options,
        new Layout(Arrays.stream(labels).boxed().toList(), layout.names(), layout.digits()));
  }

  /**
   * Returns an empty report with these names of the classes, or of the {@linkplain #labels listed}
   * ones if that was said before; the default is their numbers.
   *
   * @throws FulgurException if there are not as many as classes
   */
  public ClassificationReport names(String... names) {
    int expected = layout.labels().isEmpty() ? counts.classes() : layout.labels().size();
    MetricErrors.requireOption(
        names.length == expected, name(), "the number of names", names.length, "" + expected);
    return new ClassificationReport(
        options, new Layout(layout.labels(), List.of(names), layout.digits()));
  }

  /**
   * Returns an empty report that prints this many decimals; the default is 2.
   *
   * @throws FulgurException if it is negative
   */
  public ClassificationReport digits(int digits) {
    MetricErrors.requireOption(digits >= 0, name(), "digits", digits, "0 or more");
    return new ClassificationReport(options, new Layout(layout.labels(), layout.names(), digits));
  }

  @Override
  ClassificationReport create(ClassOptions newOptions) {
    return new ClassificationReport(newOptions, layout);
  }

  @Override
  Object options() {
    return List.of(options, layout);
  }

  private boolean isBinary() {
    return options.task() == ClassOptions.Task.BINARY;
  }

  private boolean isMultilabel() {
    return options.task() == ClassOptions.Task.MULTILABEL;
  }

  // ---------------------------------------------------------------- gathering

  @Override
  void add(LabelPairs batch) {
    if (isMultilabel()) {
      counts.addAnswers(batch);
      addSamples(batch);
    } else {
      counts.addClasses(batch);
    }
  }

  private void addSamples(LabelPairs batch) {
    boolean[] listed = new boolean[counts.classes()];
    listed().forEach(label -> listed[label] = true);
    int i = 0;
    while (i < batch.size) {
      int sample = batch.sample[i];
      int both = 0;
      int predicted = 0;
      int actual = 0;
      for (; i < batch.size && batch.sample[i] == sample; i++) {
        if (listed[batch.label[i]]) {
          both += batch.predicted[i] & batch.actual[i];
          predicted += batch.predicted[i];
          actual += batch.actual[i];
        }
      }
      samples[0] += CountMetric.ratio(both, predicted);
      samples[1] += CountMetric.ratio(both, actual);
      samples[2] += CountMetric.ratio(2L * both, predicted + actual);
      samples[3]++;
    }
  }

  @Override
  void absorb(ClassificationReport other) {
    counts.add(other.counts);
    for (int i = 0; i < samples.length; i++) {
      samples[i] += other.samples[i];
    }
  }

  @Override
  public void reset() {
    counts.reset();
    Arrays.fill(samples, 0);
  }

  @Override
  public State state() {
    return State.builder().child("counts", counts.state()).put("samples", samples).build();
  }

  @Override
  public void loadState(State state) {
    counts.load(name(), state.child("counts"));
    System.arraycopy(state.doubles("samples"), 0, samples, 0, samples.length);
  }

  // ---------------------------------------------------------------- the table

  private List<Integer> present() {
    return IntStream.range(0, counts.classes())
        .filter(label -> isMultilabel() || counts.isPresent(label))
        .boxed()
        .toList();
  }

  private List<Integer> listed() {
    return layout.labels().isEmpty() ? present() : layout.labels();
  }

  /**
   * Returns the table of all batches since the last reset.
   *
   * @throws FulgurException if there was none
   */
  public ReportTable compute() {
    if (counts.isEmpty()) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "ClassificationReport has nothing to report: update it before compute().");
    }
    List<Integer> listed = listed();
    List<ReportTable.Row> rows = new ArrayList<>();
    for (int i = 0; i < listed.size(); i++) {
      rows.add(row(rowName(listed, i), List.of(listed.get(i))));
    }
    boolean accuracy =
        !isMultilabel()
            && (layout.labels().isEmpty()
                || (listed.containsAll(present()) && present().containsAll(listed)));
    ReportTable.Row micro = row("micro avg", listed);
    List<ReportTable.Row> averages = new ArrayList<>();
    if (!accuracy) {
      averages.add(micro);
    }
    averages.add(mean("macro avg", rows, /* weighted= */ false));
    averages.add(mean("weighted avg", rows, /* weighted= */ true));
    if (isMultilabel()) {
      averages.add(
          new ReportTable.Row(
              "samples avg",
              samples[0] / samples[3],
              samples[1] / samples[3],
              samples[2] / samples[3],
              micro.support()));
    }
    return new ReportTable(
        rows, accuracy ? micro.f1Score() : Double.NaN, averages, layout.digits());
  }

  private String rowName(List<Integer> listed, int place) {
    if (layout.names().isEmpty()) {
      return Integer.toString(listed.get(place));
    }
    return layout.names().get(layout.labels().isEmpty() ? listed.get(place) : place);
  }

  private ReportTable.Row row(String rowName, List<Integer> of) {
    long tp = 0;
    long fp = 0;
    long fn = 0;
    for (int label : of) {
      tp += counts.truePositives[label];
      fp += counts.falsePositives[label];
      fn += counts.falseNegatives[label];
    }
    return new ReportTable.Row(
        rowName,
        CountMetric.ratio(tp, tp + fp),
        CountMetric.ratio(tp, tp + fn),
        CountMetric.ratio(2 * tp, 2 * tp + fp + fn),
        tp + fn);
  }

  private static ReportTable.Row mean(
      String rowName, List<ReportTable.Row> rows, boolean weighted) {
    double precision = 0;
    double recall = 0;
    double f1Score = 0;
    double weights = 0;
    long support = 0;
    for (ReportTable.Row row : rows) {
      double weight = weighted ? row.support() : 1;
      precision += weight * row.precision();
      recall += weight * row.recall();
      f1Score += weight * row.f1Score();
      weights += weight;
      support += row.support();
    }
    return new ReportTable.Row(
        rowName,
        CountMetric.ratio(precision, weights),
        CountMetric.ratio(recall, weights),
        CountMetric.ratio(f1Score, weights),
        support);
  }
}
