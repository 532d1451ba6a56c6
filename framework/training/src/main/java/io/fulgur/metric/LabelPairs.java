package io.fulgur.metric;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import java.util.Arrays;

/**
 * Predicted and true classes of a batch, without those that are ignored. Reused, so that a batch
 * makes no arrays.
 *
 * <p>Of several classes, an entry is a sample with its two classes. Of yes or no, it is one answer,
 * with 0 or 1 for both, and {@link #label} says for which label it is.
 */
final class LabelPairs {
  private final String metric;
  private final ClassOptions options;

  int[] predicted = {};
  int[] actual = {};
  int[] label = {};

  /** The sample that an entry is of, counted in this batch. */
  int[] sample = {};

  int size;

  private double[] scores = new double[Values.BLOCK];
  private double[] targets = new double[Values.BLOCK];

  LabelPairs(String metric, ClassOptions options) {
    this.metric = metric;
    this.options = options;
  }

  /** Reads a batch. */
  void read(Values predictions, Values truth) {
    size = 0;
    reserve(Math.toIntExact(truth.elements()));
    switch (options.task()) {
      case BINARY -> readAnswers(predictions, truth, /* inner= */ 1);
      case MULTILABEL -> readAnswers(predictions, truth, labelStride(predictions, truth));
      case MULTICLASS -> {
        TargetChecks.requireClassTargets(metric, truth);
        if (predictions.dtype().isFloating()) {
          readScores(predictions, truth);
        } else {
          readClasses(predictions, truth);
        }
      }
    }
  }

  private void reserve(int entries) {
    if (predicted.length < entries) {
      predicted = new int[entries];
      actual = new int[entries];
      if (options.task() != ClassOptions.Task.MULTICLASS) {
        label = new int[entries];
        sample = new int[entries];
      }
    }
  }

  private void add(int predictedClass, int actualClass) {
    predicted[size] = predictedClass;
    actual[size++] = actualClass;
  }

  private int classOf(double target, long place) {
    return TargetChecks.classOf(metric, target, place, options.classes());
  }

  // ---------------------------------------------------------------- yes or no

  private long labelStride(Values predictions, Values truth) {
    Shape shape = truth.shape();
    if (shape.rank() < 2 || shape.size(1) != options.classes()) {
      throw MetricErrors.shapes(
          metric,
          "both must be [batch, %d] or [batch, %<d, ...]".formatted(options.classes()),
          predictions,
          truth);
    }
    long inner = 1;
    for (int i = 2; i < shape.rank(); i++) {
      inner *= shape.size(i);
    }
    return inner;
  }

  private void readAnswers(Values predictions, Values truth, long inner) {
    MetricErrors.requireSameShape(metric, predictions, truth);
    boolean floating = predictions.dtype().isFloating();
    boolean probabilities = floating && !options.fromLogits();
    double bound =
        options.fromLogits()
            ? Math.log(options.threshold() / (1 - options.threshold()))
            : options.threshold();
    int labels = options.classes();
    long elements = truth.elements();
    for (long start = 0; start < elements; start += Values.BLOCK) {
      int count = (int) Math.min(Values.BLOCK, elements - start);
      predictions.read(start, count, scores);
      truth.read(start, count, targets);
      for (int i = 0; i < count; i++) {
        double target = targets[i];
        if (options.isIgnored(target)) {
          continue;
        }
        double score = scores[i];
        TargetChecks.requireAnswer(metric, "target", target);
        if (probabilities) {
          TargetChecks.requireProbability(metric, score);
        } else if (!floating) {
          TargetChecks.requireAnswer(metric, "prediction", score);
        }
        long slice = (start + i) / inner;
        label[size] = (int) (slice % labels);
        sample[size] = (int) (slice / labels);
        add(floating ? (score > bound ? 1 : 0) : (int) score, (int) target);
      }
    }
  }

  // ---------------------------------------------------------------- one of several classes

  private void readClasses(Values predictions, Values truth) {
    if (predictions.dtype() == DType.BOOL || options.topK() > 1) {
      throw MetricErrors.type(
          metric,
          "predictions",
          predictions.dtype(),
          options.topK() > 1 ? "scores of a floating-point type, for topK" : "scores or classes");
    }
    MetricErrors.requireSameShape(metric, predictions, truth);
    long elements = truth.elements();
    for (long start = 0; start < elements; start += Values.BLOCK) {
      int count = (int) Math.min(Values.BLOCK, elements - start);
      predictions.read(start, count, scores);
      truth.read(start, count, targets);
      for (int i = 0; i < count; i++) {
        if (!options.isIgnored(targets[i])) {
          add(classOf(scores[i], start + i), classOf(targets[i], start + i));
        }
      }
    }
  }

  private void readScores(Values predictions, Values truth) {
    int classes = options.classes();
    TargetChecks.requireScoreShape(metric, predictions, truth, classes);
    long samples = truth.shape().rank() == 0 ? 1 : truth.shape().size(0);
    long inner = samples == 0 ? 0 : truth.elements() / samples;
    if (inner == 1) {
      readRows(predictions, truth, samples);
    } else {
      for (long sampleIndex = 0; sampleIndex < samples; sampleIndex++) {
        readPlanes(predictions, truth, sampleIndex, Math.toIntExact(inner));
      }
    }
  }

  /** Scores of a sample lie side by side. */
  private void readRows(Values predictions, Values truth, long samples) {
    int classes = options.classes();
    int rows = Math.max(1, Values.BLOCK / classes);
    scores = atLeast(scores, rows * classes);
    for (long start = 0; start < samples; start += rows) {
      int count = (int) Math.min(rows, samples - start);
      predictions.read(start * classes, count * classes, scores);
      truth.read(start, count, targets);
      for (int i = 0; i < count; i++) {
        if (!options.isIgnored(targets[i])) {
          int target = classOf(targets[i], start + i);
          int row = i * classes;
          boolean hit = options.topK() > 1 && rank(row, classes, target) < options.topK();
          add(hit ? target : best(row, classes), target);
        }
      }
    }
  }

  private int best(int row, int classes) {
    double best = scores[row];
    int place = 0;
    for (int i = 1; i < classes; i++) {
      double score = scores[row + i];
      if (isHigher(score, best)) {
        best = score;
        place = i;
      }
    }
    return place;
  }

  /** Returns how many classes come before one; of equal scores the first does. */
  private int rank(int row, int classes, int target) {
    double own = scores[row + target];
    int before = 0;
    for (int i = 0; i < classes; i++) {
      double score = scores[row + i];
      if (isHigher(score, own) || (i < target && !isHigher(own, score))) {
        before++;
      }
    }
    return before;
  }

  /** As PyTorch has it, nothing is higher than NaN. */
  private static boolean isHigher(double a, double b) {
    return a > b || (Double.isNaN(a) && !Double.isNaN(b));
  }

  /** Scores of one class for all places of a sample lie side by side: reads class by class. */
  private void readPlanes(Values predictions, Values truth, long sampleIndex, int inner) {
    int classes = options.classes();
    targets = atLeast(targets, inner);
    scores = atLeast(scores, inner);
    truth.read(sampleIndex * inner, inner, targets);
    double[] best = new double[inner];
    int[] place = new int[inner];
    double[] own = new double[inner];
    int[] before = new int[inner];
    boolean ranks = options.topK() > 1;
    for (int c = 0; c < classes; c++) {
      predictions.read((sampleIndex * classes + c) * inner, inner, scores);
      for (int i = 0; i < inner; i++) {
        if (c == 0 || isHigher(scores[i], best[i])) {
          best[i] = scores[i];
          place[i] = c;
        }
        if (ranks && targets[i] == c) {
          own[i] = scores[i];
        }
      }
    }
    for (int c = 0; ranks && c < classes; c++) {
      predictions.read((sampleIndex * classes + c) * inner, inner, scores);
      for (int i = 0; i < inner; i++) {
        if (isHigher(scores[i], own[i]) || (c < targets[i] && !isHigher(own[i], scores[i]))) {
          before[i]++;
        }
      }
    }
    for (int i = 0; i < inner; i++) {
      if (!options.isIgnored(targets[i])) {
        int target = classOf(targets[i], sampleIndex * inner + i);
        add(ranks && before[i] < options.topK() ? target : place[i], target);
      }
    }
  }

  private static double[] atLeast(double[] array, int length) {
    return array.length >= length ? array : Arrays.copyOf(array, length);
  }
}
