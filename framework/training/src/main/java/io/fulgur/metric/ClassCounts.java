package io.fulgur.metric;

import io.fulgur.checkpoint.State;
import java.util.Arrays;

/** How often each class was predicted rightly and wrongly, and missed. */
final class ClassCounts {
  final long[] truePositives;
  final long[] falsePositives;
  final long[] falseNegatives;

  /** Counted for yes or no only. */
  final long[] trueNegatives;

  private long entries;

  ClassCounts(int classes) {
    truePositives = new long[classes];
    falsePositives = new long[classes];
    falseNegatives = new long[classes];
    trueNegatives = new long[classes];
  }

  int classes() {
    return truePositives.length;
  }

  void reset() {
    Arrays.fill(truePositives, 0);
    Arrays.fill(falsePositives, 0);
    Arrays.fill(falseNegatives, 0);
    Arrays.fill(trueNegatives, 0);
    entries = 0;
  }

  /** Counts pairs of classes. */
  void addClasses(LabelPairs pairs) {
    entries += pairs.size;
    for (int i = 0; i < pairs.size; i++) {
      int predicted = pairs.predicted[i];
      int actual = pairs.actual[i];
      if (predicted == actual) {
        truePositives[actual]++;
      } else {
        falsePositives[predicted]++;
        falseNegatives[actual]++;
      }
    }
  }

  /** Counts answers of yes or no. */
  void addAnswers(LabelPairs pairs) {
    entries += pairs.size;
    for (int i = 0; i < pairs.size; i++) {
      int label = pairs.label[i];
      boolean actual = pairs.actual[i] == 1;
      if (pairs.predicted[i] == 1) {
        (actual ? truePositives : falsePositives)[label]++;
      } else {
        (actual ? falseNegatives : trueNegatives)[label]++;
      }
    }
  }

  void add(ClassCounts other) {
    addAll(truePositives, other.truePositives);
    addAll(falsePositives, other.falsePositives);
    addAll(falseNegatives, other.falseNegatives);
    addAll(trueNegatives, other.trueNegatives);
    entries += other.entries;
  }

  static void addAll(long[] target, long[] source) {
    for (int i = 0; i < target.length; i++) {
      target[i] += source[i];
    }
  }

  /** Returns how many targets were this class. */
  long support(int index) {
    return truePositives[index] + falseNegatives[index];
  }

  /** Returns whether a class was predicted or a target. */
  boolean isPresent(int index) {
    return truePositives[index] + falsePositives[index] + falseNegatives[index] > 0;
  }

  boolean isEmpty() {
    return entries == 0;
  }

  State state() {
    return State.builder()
        .put("true_positives", truePositives)
        .put("false_positives", falsePositives)
        .put("false_negatives", falseNegatives)
        .put("true_negatives", trueNegatives)
        .put("entries", entries)
        .build();
  }

  void load(String metric, State state) {
    load(metric, state, "true_positives", truePositives);
    load(metric, state, "false_positives", falsePositives);
    load(metric, state, "false_negatives", falseNegatives);
    load(metric, state, "true_negatives", trueNegatives);
    entries = state.longValue("entries");
  }

  static void load(String metric, State state, String entry, long[] target) {
    long[] saved = state.longs(entry);
    if (saved.length != target.length) {
      throw MetricErrors.wrongState(metric, entry, saved.length, target.length);
    }
    System.arraycopy(saved, 0, target, 0, target.length);
  }
}
