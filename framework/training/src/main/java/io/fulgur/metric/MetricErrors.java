package io.fulgur.metric;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;

/** The errors of metrics. */
final class MetricErrors {
  private MetricErrors() {}

  static void requireOption(
      boolean holds, String metric, String option, Object value, String allowed) {
    if (!holds) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "%s of %s is %s, but must be %s.".formatted(option, metric, value, allowed));
    }
  }

  static FulgurException cannotMerge(Metric metric, Metric other) {
    return new FulgurException(
        ErrorId.INVALID_ARGUMENT,
        metric == other
            ? "%s was merged with itself, which would count everything twice. Merge with another."
                .formatted(metric)
            : "%s cannot be merged with %s. Merge metrics of one class with the same options."
                .formatted(metric, other));
  }

  static FulgurException wrongState(String metric, String entry, int found, int expected) {
    return new FulgurException(
        ErrorId.STATE_MISMATCH,
        "The saved state of %s has %d numbers of %s, but this one has %d. Give it the options that it was saved with."
            .formatted(metric, found, entry, expected));
  }

  static ShapeException shapes(String metric, String reason, Values predictions, Values targets) {
    return ShapeException.mismatch(
        metric + ".update", reason, predictions.shape(), targets.shape());
  }

  static DTypeException type(String metric, String what, DType actual, String allowed) {
    return DTypeException.unsupported(metric + ".update with " + what, actual, allowed);
  }

  static void requireSameShape(String metric, Values predictions, Values targets) {
    if (!predictions.shape().equals(targets.shape())) {
      throw shapes(
          metric, "predictions and targets must have the same shape", predictions, targets);
    }
  }

  static FulgurException notProbability(String metric, double value) {
    return new FulgurException(
        ErrorId.INVALID_ARGUMENT,
        "%s was given %s as a probability, but probabilities are from 0 to 1. If these are scores before a sigmoid or softmax, say fromLogits()."
            .formatted(metric, value));
  }

  static FulgurException notOnScale(String metric, double value) {
    return new FulgurException(
        ErrorId.INVALID_ARGUMENT,
        "%s with thresholds was given %s, but its scale is from 0 to 1. Give it probabilities, or leave thresholds out."
            .formatted(metric, value));
  }

  static FulgurException notBinary(String metric, String what, double value) {
    return new FulgurException(
        ErrorId.INVALID_ARGUMENT,
        "%s was given %s as a %s, but those are 0 or 1%s."
            .formatted(
                metric,
                value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value),
                what,
                what.equals("target") ? ", or the one of ignoreIndex" : ""));
  }

  static FulgurException tooMany(String metric, long elements) {
    return new FulgurException(
        ErrorId.INVALID_ARGUMENT,
        "%s would have to keep %d numbers, more than a Java array can. Reset it more often."
            .formatted(metric, elements));
  }
}
