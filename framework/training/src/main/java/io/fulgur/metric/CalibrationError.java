package io.fulgur.metric;

import io.fulgur.checkpoint.State;
import java.util.Arrays;
import java.util.List;

/**
 * How far confidence is from being right: predictions are sorted into bins by their confidence, and
 * in each the mean confidence is compared with how many are right.
 *
 * <p>Of yes or no, the confidence is the probability of the positive class, and right is a positive
 * target, as {@code calibration_curve} of scikit-learn; of several classes, the probability of the
 * predicted one. Bins are of equal width, open below and closed above.
 *
 * <p>C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017. (torchmetrics closes
 * bins below, which only values on an edge tell.)
 *
 * @since 0.1
 */
public final class CalibrationError extends ClassificationMetric<CalibrationError>
    implements ScalarMetric {
  /** How many bins there are by default. */
  public static final int DEFAULT_BINS = 15;

  /**
   * How the differences of bins become one number.
   *
   * @since 0.1
   */
  public enum Norm {
    /** The mean, weighted by how many predictions a bin holds: the expected calibration error. */
    L1,
    /** The root of the weighted mean of squares. */
    L2,
    /** The greatest: the maximum calibration error. */
    MAX
  }

  private final int bins;
  private final Norm norm;
  private final Bins total;
  private final Bins batch;

  private CalibrationError(ClassOptions options, int bins, Norm norm) {
    super(options);
    this.bins = bins;
    this.norm = norm;
    this.total = new Bins(bins);
    this.batch = new Bins(bins);
  }

  /** Returns an empty metric of yes-or-no answers. */
  public static CalibrationError binary() {
    return new CalibrationError(ClassOptions.binary(), DEFAULT_BINS, Norm.L1);
  }

  /**
   * Returns an empty metric of one of several classes.
   *
   * @throws io.fulgur.error.FulgurException if there are fewer than two
   */
  public static CalibrationError multiclass(int classes) {
    return new CalibrationError(
        ClassOptions.multiclass("CalibrationError", classes, Average.MICRO), DEFAULT_BINS, Norm.L1);
  }

  /**
   * Returns an empty metric with this many bins; the default is {@value #DEFAULT_BINS}.
   *
   * @throws io.fulgur.error.FulgurException if it is not positive
   */
  public CalibrationError bins(int newBins) {
    MetricErrors.requireOption(newBins > 0, name(), "bins", newBins, "positive");
    return new CalibrationError(options, newBins, norm);
  }

  /** Returns an empty metric with another norm; the default is {@link Norm#L1}. */
  public CalibrationError norm(Norm newNorm) {
    return new CalibrationError(options, bins, newNorm);
  }

  /**
   * Returns an empty metric that takes scores before a sigmoid or softmax in place of
   * probabilities.
   */
  public CalibrationError fromLogits() {
    return create(options.withLogits());
  }

  @Override
  CalibrationError create(ClassOptions newOptions) {
    return new CalibrationError(newOptions, bins, norm);
  }

  @Override
  Object options() {
    return List.of(options, bins, norm);
  }

  // ---------------------------------------------------------------- gathering

  @Override
  void add(Values predictions, Values targets) {
    if (!predictions.dtype().isFloating()) {
      throw MetricErrors.type(
          name(), "predictions", predictions.dtype(), "a floating-point type, holding scores");
    }
    Bins read = new Bins(bins);
    if (options.task() == ClassOptions.Task.BINARY) {
      MetricErrors.requireSameShape(name(), predictions, targets);
      addAnswers(predictions, targets, read);
    } else {
      TargetChecks.requireClassTargets(name(), targets);
      TargetChecks.requireScoreShape(name(), predictions, targets, options.classes());
      addClasses(predictions, targets, read);
    }
    batch.reset();
    batch.add(read);
    total.add(read);
  }

  private void addAnswers(Values predictions, Values targets, Bins read) {
    double[] scores = new double[Values.BLOCK];
    double[] truth = new double[Values.BLOCK];
    long elements = targets.elements();
    for (long start = 0; start < elements; start += Values.BLOCK) {
      int count = (int) Math.min(Values.BLOCK, elements - start);
      predictions.read(start, count, scores);
      targets.read(start, count, truth);
      for (int i = 0; i < count; i++) {
        if (!options.isIgnored(truth[i])) {
          TargetChecks.requireAnswer(name(), "target", truth[i]);
          read.add(probability(scores[i]), truth[i] == 1);
        }
      }
    }
  }

  private double probability(double score) {
    if (options.fromLogits()) {
      return 1 / (1 + Math.exp(-score));
    }
    TargetChecks.requireProbability(name(), score);
    return score;
  }

  /** Goes sample by sample: scores of its places lie class by class. */
  private void addClasses(Values predictions, Values targets, Bins read) {
    int classes = options.classes();
    long samples = targets.shape().rank() == 0 ? 1 : targets.shape().size(0);
    int inner = samples == 0 ? 0 : Math.toIntExact(targets.elements() / samples);
    double[] scores = new double[Math.multiplyExact(classes, inner)];
    double[] truth = new double[inner];
    for (long sample = 0; sample < samples; sample++) {
      predictions.read(sample * scores.length, scores.length, scores);
      targets.read(sample * inner, inner, truth);
      for (int i = 0; i < inner; i++) {
        if (!options.isIgnored(truth[i])) {
          int target = TargetChecks.classOf(name(), truth[i], sample * inner + i, classes);
          addClass(scores, i, inner, target, read);
        }
      }
    }
  }

  private void addClass(double[] scores, int from, int step, int target, Bins read) {
    int best = from;
    for (int i = from; i < scores.length; i += step) {
      if (scores[i] > scores[best] || Double.isNaN(scores[i])) {
        best = i;
      }
    }
    double confidence = scores[best];
    if (options.fromLogits()) {
      double sum = 0;
      for (int i = from; i < scores.length; i += step) {
        sum += Math.exp(scores[i] - scores[best]);
      }
      confidence = 1 / sum;
    } else {
      TargetChecks.requireProbability(name(), confidence);
    }
    read.add(confidence, best == from + target * step);
  }

  // ---------------------------------------------------------------- the value

  @Override
  public double compute() {
    return total.error(norm);
  }

  @Override
  public double batchValue() {
    return batch.error(norm);
  }

  @Override
  void absorb(CalibrationError other) {
    total.add(other.total);
  }

  @Override
  public void reset() {
    total.reset();
    batch.reset();
  }

  @Override
  public State state() {
    return State.builder()
        .put("counts", total.counts)
        .put("right", total.right)
        .put("confidence", total.confidence)
        .build();
  }

  @Override
  public void loadState(State state) {
    double[] saved = state.doubles("confidence");
    if (saved.length != bins) {
      throw MetricErrors.wrongState(name(), "confidence", saved.length, bins);
    }
    ClassCounts.load(name(), state, "counts", total.counts);
    ClassCounts.load(name(), state, "right", total.right);
    System.arraycopy(saved, 0, total.confidence, 0, bins);
    batch.reset();
  }

  /** What is known of the predictions of each bin. */
  private static final class Bins {
    final long[] counts;
    final long[] right;
    final double[] confidence;
    private final double[] edges;

    Bins(int bins) {
      counts = new long[bins];
      right = new long[bins];
      confidence = new double[bins];
      // The inner edges, as numpy.linspace has them.
      edges = new double[bins - 1];
      for (int i = 0; i < edges.length; i++) {
        edges[i] = (i + 1) * (1.0 / bins);
      }
    }

    void add(double value, boolean isRight) {
      int place = Arrays.binarySearch(edges, value);
      int bin = place >= 0 ? place : -place - 1;
      counts[bin]++;
      right[bin] += isRight ? 1 : 0;
      confidence[bin] += value;
    }

    void add(Bins other) {
      ClassCounts.addAll(counts, other.counts);
      ClassCounts.addAll(right, other.right);
      for (int i = 0; i < confidence.length; i++) {
        confidence[i] += other.confidence[i];
      }
    }

    void reset() {
      Arrays.fill(counts, 0);
      Arrays.fill(right, 0);
      Arrays.fill(confidence, 0);
    }

    double error(Norm norm) {
      long all = Arrays.stream(counts).sum();
      if (all == 0) {
        return Double.NaN;
      }
      double error = 0;
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] > 0) {
          double gap = Math.abs(right[i] - confidence[i]) / counts[i];
          double share = (double) counts[i] / all;
          switch (norm) {
            case L1 -> error += share * gap;
            case L2 -> error += share * gap * gap;
            // A NaN is passed on.
            case MAX -> error = Math.max(error, gap);
          }
        }
      }
      return norm == Norm.L2 ? Math.sqrt(error) : error;
    }
  }
}
