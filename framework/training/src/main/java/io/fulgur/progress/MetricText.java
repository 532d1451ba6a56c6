package io.fulgur.progress;

import io.fulgur.Trainer;
import io.fulgur.log.Logger;
import io.fulgur.module.StepOutput;
import io.fulgur.tensor.Tensor;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The version of the run, the loss, and the metrics that are shown beside the progress. */
final class MetricText {
  private static final String VERSION_PREFIX = "version_";
  private static final double LARGE = 1e5;
  private static final double SMALL = 1e-3;

  private MetricText() {}

  /** Returns e.g. {@code v_num=3}; empty if there is no logger. */
  static String version(Trainer trainer) {
    for (Logger logger : trainer.loggers()) {
      String version = logger.version();
      return "v_num="
          + (version.startsWith(VERSION_PREFIX)
              ? version.substring(VERSION_PREFIX.length())
              : version);
    }
    return "";
  }

  /**
   * Returns e.g. {@code v_num=3, loss=0.312, val_loss=0.405}.
   *
   * @param loss the loss of the last batch; NaN if none
   */
  static String of(String version, double loss, Map<String, Double> metrics) {
    StringBuilder text = new StringBuilder(version);
    if (!Double.isNaN(loss) && metrics.keySet().stream().noneMatch(MetricText::isTrainingLoss)) {
      add(text, StepOutput.LOSS, loss);
    }
    metrics.forEach((name, value) -> add(text, name, value));
    return text.toString();
  }

  private static boolean isTrainingLoss(String name) {
    return name.contains(StepOutput.LOSS) && !name.startsWith("val");
  }

  private static void add(StringBuilder text, String name, double value) {
    text.append(text.length() == 0 ? "" : ", ").append(name).append('=').append(number(value));
  }

  static String number(double value) {
    double size = Math.abs(value);
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    if (value == Math.rint(value) && size < LARGE) {
      return String.format(Locale.ROOT, "%.1f", value);
    }
    return String.format(Locale.ROOT, size >= LARGE || size < SMALL ? "%.2e" : "%.3f", value);
  }

  /** Returns the loss in what a training step returned; NaN if there is none. */
  static double loss(@Nullable StepOutput output) {
    Tensor loss = output == null ? null : output.loss();
    return loss == null ? Double.NaN : loss.item();
  }
}
