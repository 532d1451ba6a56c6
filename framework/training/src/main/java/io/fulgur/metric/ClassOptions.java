package io.fulgur.metric;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a metric of a classification is told: two with equal options can be merged.
 *
 * @param classes of {@link Task#BINARY}: 1, the positive one
 * @param threshold what a probability must exceed to be a prediction of its class
 * @param fromLogits whether scores are such as still need a sigmoid or softmax
 * @param ignoreIndex the target of what does not count; null for none
 * @param topK how many of the best classes are tried
 * @param thresholds how many thresholds scores are counted at; 0 where each score is kept
 */
record ClassOptions(
    Task task,
    int classes,
    double threshold,
    boolean fromLogits,
    @Nullable Long ignoreIndex,
    int topK,
    Average average,
    int thresholds) {

  private static final double DEFAULT_THRESHOLD = 0.5;

  /** The kinds of classification. */
  enum Task {
    /** Yes or no. */
    BINARY,
    /** One of several classes. */
    MULTICLASS,
    /** Yes or no for each of several labels. */
    MULTILABEL
  }

  static ClassOptions binary() {
    return of(Task.BINARY, 1, Average.MICRO);
  }

  /**
   * @throws io.fulgur.error.FulgurException if there are fewer than two classes
   */
  static ClassOptions multiclass(String metric, int classes, Average average) {
    MetricErrors.requireOption(classes >= 2, metric, "classes", classes, "at least 2");
    return of(Task.MULTICLASS, classes, average);
  }

  /**
   * @throws io.fulgur.error.FulgurException if there is no label
   */
  static ClassOptions multilabel(String metric, int labels, Average average) {
    MetricErrors.requireOption(labels >= 1, metric, "labels", labels, "at least 1");
    return of(Task.MULTILABEL, labels, average);
  }

  private static ClassOptions of(Task task, int classes, Average average) {
    return new ClassOptions(
        task,
        classes,
        DEFAULT_THRESHOLD,
        /* fromLogits= */ false,
        /* ignoreIndex= */ null,
        /* topK= */ 1,
        average,
        /* thresholds= */ 0);
  }

  ClassOptions withThreshold(double value) {
    return new ClassOptions(
        task, classes, value, fromLogits, ignoreIndex, topK, average, thresholds);
  }

  ClassOptions withLogits() {
    return new ClassOptions(task, classes, threshold, true, ignoreIndex, topK, average, thresholds);
  }

  ClassOptions withIgnoreIndex(long value) {
    return new ClassOptions(task, classes, threshold, fromLogits, value, topK, average, thresholds);
  }

  ClassOptions withTopK(int value) {
    return new ClassOptions(
        task, classes, threshold, fromLogits, ignoreIndex, value, average, thresholds);
  }

  ClassOptions withAverage(Average value) {
    return new ClassOptions(
        task, classes, threshold, fromLogits, ignoreIndex, topK, value, thresholds);
  }

  ClassOptions withThresholds(int value) {
    return new ClassOptions(
        task, classes, threshold, fromLogits, ignoreIndex, topK, average, value);
  }

  /** Returns how it is made, e.g. {@code multiclass(10) average=MICRO topK=5}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(task.name().toLowerCase(Locale.ROOT));
    if (task == Task.BINARY) {
      text.append("()");
    } else {
      text.append('(').append(classes).append(") average=").append(average);
    }
    text.append(threshold == DEFAULT_THRESHOLD ? "" : " threshold=" + threshold);
    text.append(fromLogits ? " fromLogits" : "");
    text.append(ignoreIndex == null ? "" : " ignoreIndex=" + ignoreIndex);
    text.append(thresholds == 0 ? "" : " thresholds=" + thresholds);
    text.append(topK == 1 ? "" : " topK=" + topK);
    return text.toString();
  }

  boolean isIgnored(double target) {
    return ignoreIndex != null && target == ignoreIndex;
  }
}
