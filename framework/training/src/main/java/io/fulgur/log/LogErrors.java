package io.fulgur.log;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.metric.Metric;
import io.fulgur.metric.ScalarMetric;
import io.fulgur.tensor.Tensor;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The errors of logging. */
final class LogErrors {
  private LogErrors() {}

  static FulgurException forbidden(String name, Moment moment) {
    return new FulgurException(
        ErrorId.LOGGING_NOT_ALLOWED,
        "\"%s\" was logged %s, where there is nothing it could belong to. Log in a training, validation or test step, or in a hook of their batches and epochs."
            .formatted(name, moment == Moment.NONE ? moment.label() : "in " + moment.label()));
  }

  static FulgurException noStepLevel(String name, Moment moment) {
    return new FulgurException(
        ErrorId.INVALID_LOG_OPTIONS,
        "\"%s\" was logged with onStep in %s, which is called once an epoch. Leave onStep out, or log in a step."
            .formatted(name, moment.label()));
  }

  static FulgurException noLevel(String name) {
    return new FulgurException(
        ErrorId.INVALID_LOG_OPTIONS,
        "\"%s\" was logged with onStep(false) and onEpoch(false), so it would go nowhere. Switch one of them on."
            .formatted(name));
  }

  static FulgurException changed(String name, Moment moment, LogOptions before, LogOptions now) {
    return new FulgurException(
        ErrorId.INVALID_LOG_OPTIONS,
        "\"%s\" was logged in %s with %s, but before with %s. Log it with the same options each time, or under two names."
            .formatted(name, moment.label(), now, before));
  }

  static FulgurException reservedName(String name) {
    return new FulgurException(
        ErrorId.INVALID_LOG_OPTIONS,
        "\"%s\" was logged, but \"%s\" is added by itself where there are several dataloaders. Leave it out, or say addDataloaderIndex(false)."
            .formatted(name, LogGatherer.DATALOADER_INFIX));
  }

  static FulgurException notAScalar(String name, Tensor value) {
    return new FulgurException(
        ErrorId.INVALID_LOGGED_VALUE,
        "\"%s\" was logged with a tensor of shape %s. Only single numbers can be logged; reduce it first, e.g. with mean()."
            .formatted(name, value.shape()));
  }

  static FulgurException blankName(Moment moment) {
    return new FulgurException(
        ErrorId.INVALID_LOG_OPTIONS,
        "A value was logged in %s under a blank name. Give it one.".formatted(moment.label()));
  }

  static FulgurException notANumber(String name, @Nullable Object value) {
    return new FulgurException(
        ErrorId.INVALID_LOGGED_VALUE,
        "\"%s\" was logged with %s. Log a number, a tensor of one element, or a metric."
            .formatted(name, described(value)));
  }

  private static String described(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof CharSequence text) {
      return "the text \"" + text + "\"";
    }
    if (value instanceof Map) {
      return "a map";
    }
    if (value instanceof Collection) {
      return "a collection";
    }
    return value.getClass().isArray()
        ? "an array"
        : "a value of type " + value.getClass().getName();
  }

  static FulgurException notAScalar(String name, Metric metric) {
    return new FulgurException(
        ErrorId.INVALID_LOGGED_VALUE,
        "\"%s\" was logged with a %s, which is not a single number. Log numbers of what it computes, at the end of an epoch."
            .formatted(name, metric.getClass().getSimpleName()));
  }

  static FulgurException changedMetric(String name, Moment moment) {
    return new FulgurException(
        ErrorId.INVALID_LOGGED_VALUE,
        "\"%s\" was logged in %s with another metric than before in this epoch, or once with a metric and once with a number. Log them under two names."
            .formatted(name, moment.label()));
  }

  static FulgurException reducedMetric(String name, ScalarMetric metric, LogOptions options) {
    return new FulgurException(
        ErrorId.INVALID_LOG_OPTIONS,
        "\"%s\" was logged with a %s and %s, but a metric computes the epoch's value by itself. Leave reduce and batchSize out."
            .formatted(name, metric.getClass().getSimpleName(), options));
  }

  static FulgurException sharedMetric(
      String name, ScalarMetric metric, Moment moment, String elsewhere) {
    return new FulgurException(
        ErrorId.INVALID_LOGGED_VALUE,
        "\"%s\" was logged in %s with the same %s as \"%s\" in training, so that one would count the other's batches. Make a metric for each."
            .formatted(name, moment.label(), metric.getClass().getSimpleName(), elsewhere));
  }
}
