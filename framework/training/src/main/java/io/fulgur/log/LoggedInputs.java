package io.fulgur.log;

import io.fulgur.metric.Metric;
import io.fulgur.metric.ScalarMetric;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Checks what is logged. */
final class LoggedInputs {
  private LoggedInputs() {}

  /** Returns what may be logged at a moment, after a check of whether this may. */
  static Moment.Rule rule(String name, LogOptions options, Moment moment) {
    Moment.Rule rule = moment.rule();
    if (rule == Moment.Rule.FORBIDDEN) {
      throw LogErrors.forbidden(name, moment);
    }
    if (name.isBlank()) {
      throw LogErrors.blankName(moment);
    }
    if (options.withDataloaderIndex() && name.contains(LogGatherer.DATALOADER_INFIX)) {
      throw LogErrors.reservedName(name);
    }
    if (rule == Moment.Rule.EPOCH_ONLY && Boolean.TRUE.equals(options.stepLevel())) {
      throw LogErrors.noStepLevel(name, moment);
    }
    return rule;
  }

  /** Checks a tensor that is logged. */
  static void requireScalar(String name, Tensor tensor, LoggedValue logged, Moment moment) {
    requireNoMetric(name, logged, moment);
    if (tensor.elements() != 1) {
      throw LogErrors.notAScalar(name, tensor);
    }
  }

  /** Returns a number that is logged, neither as a tensor nor as a metric. */
  static double number(String name, @Nullable Object value, LoggedValue logged, Moment moment) {
    requireNoMetric(name, logged, moment);
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof Metric metric) {
      throw LogErrors.notAScalar(name, metric);
    }
    throw LogErrors.notANumber(name, value);
  }

  private static void requireNoMetric(String name, LoggedValue logged, Moment moment) {
    if (logged.metric() != null) {
      throw LogErrors.changedMetric(name, moment);
    }
  }

  /**
   * Checks a metric when it is logged first in an epoch.
   *
   * @param training what training has logged if an evaluation is within it, else null
   */
  static ScalarMetric metric(
      ScalarMetric metric, LoggedValue logged, Moment moment, @Nullable ResultTable training) {
    if (logged.metric() == metric) {
      return metric;
    }
    if (logged.isUsed()) {
      throw LogErrors.changedMetric(logged.name, moment);
    }
    if (logged.options.reduction() != Reduction.MEAN || logged.options.weight() > 0) {
      throw LogErrors.reducedMetric(logged.name, metric, logged.options);
    }
    String elsewhere = training == null ? null : training.nameOf(metric);
    if (elsewhere != null) {
      throw LogErrors.sharedMetric(logged.name, metric, moment, elsewhere);
    }
    return metric;
  }
}
