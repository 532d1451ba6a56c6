package io.fulgur.log;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call of all loggers, waiting for its turn; reused. */
final class LoggerCall {
  private final OutgoingMetrics metrics = new OutgoingMetrics();
  private String action = "";

  /** What to do with each logger; null for logging {@link #metrics}. */
  private @Nullable Consumer<Logger> call;

  /** Makes this log values, which are copied. */
  void set(OutgoingMetrics values) {
    metrics.copyFrom(values);
    call = null;
  }

  /** Makes this call a method. */
  void set(String name, Consumer<Logger> method) {
    action = name;
    call = method;
  }

  void run(LoggerGroup loggers) {
    Consumer<Logger> method = call;
    if (method == null) {
      loggers.logMetrics(metrics, metrics.step());
    } else {
      loggers.each(action, method);
    }
  }
}
