package io.fulgur.metric;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.Shape;

/** Checks of what the metrics of classifications are given. */
final class TargetChecks {
  private TargetChecks() {}

  /** Checks that targets are classes. */
  static void requireClassTargets(String metric, Values targets) {
    if (targets.dtype().isFloating() || targets.dtype() == DType.BOOL) {
      throw MetricErrors.type(
          metric, "targets", targets.dtype(), "an integer type, I64 as a rule, holding classes");
    }
  }

  static int classOf(String metric, double target, long place, int classes) {
    if (!(target >= 0 && target < classes)) {
      throw IndexException.label(metric, (long) target, place, classes);
    }
    return (int) target;
  }

  static void requireAnswer(String metric, String what, double value) {
    if (value != 0 && value != 1) {
      throw MetricErrors.notBinary(metric, what, value);
    }
  }

  /** A NaN passes: training that diverges must show in its metrics, not end in them. */
  static void requireProbability(String metric, double value) {
    if (value < 0 || value > 1) {
      throw MetricErrors.notProbability(metric, value);
    }
  }

  /** Checks for {@code [batch, classes, ...]} and {@code [batch, ...]}. */
  static void requireScoreShape(String metric, Values predictions, Values targets, int classes) {
    Shape scores = predictions.shape();
    if (scores.rank() < 2
        || scores.size(1) != classes
        || !scores.without(1).equals(targets.shape())) {
      throw MetricErrors.shapes(
          metric,
          "scores of %d classes must be [batch, %<d] or [batch, %<d, ...] and targets the same without the classes"
              .formatted(classes),
          predictions,
          targets);
    }
  }
}
