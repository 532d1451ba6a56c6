package io.fulgur.log;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The loggers of a trainer, called one after the other; a failure names its logger. */
final class LoggerGroup {
  private final List<Logger> loggers;

  LoggerGroup(List<Logger> loggers) {
    this.loggers = loggers;
  }

  void logMetrics(Metrics metrics, long step) {
    for (int i = 0; i < loggers.size(); i++) {
      Logger logger = loggers.get(i);
      try {
        logger.logMetrics(metrics, step);
      } catch (RuntimeException e) {
        throw failed(logger, "logMetrics", e);
      }
    }
  }

  void each(String action, Consumer<Logger> call) {
    for (Logger logger : loggers) {
      try {
        call.accept(logger);
      } catch (RuntimeException e) {
        throw failed(logger, action, e);
      }
    }
  }

  /** Ends the run of every logger and throws the first failure afterwards. */
  void finish(RunStatus status) {
    @Nullable FulgurException first = null;
    for (Logger logger : loggers) {
      try {
        logger.finish(status);
      } catch (RuntimeException e) {
        FulgurException failure = failed(logger, "finish", e);
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private static FulgurException failed(Logger logger, String action, RuntimeException cause) {
    return cause instanceof FulgurException own
        ? own
        : new FulgurException(
            ErrorId.LOGGER_FAILED,
            "The logger %s failed in %s: %s. Mend it, or leave it out of the trainer."
                .formatted(logger.getClass().getName(), action, cause),
            cause);
  }
}
