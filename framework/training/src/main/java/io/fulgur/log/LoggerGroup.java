package io.fulgur.log;

import io.fulgur.callback.CheckpointCallback;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.List;
import java.util.function.Consumer;

/**
 * The loggers of a trainer, called one after the other. One that fails does not keep the others
 * from being called, nor itself from being called again.
 */
final class LoggerGroup {
  private final List<Logger> loggers;
  private final Consumer<FulgurException> failures;
  private final boolean listenForCheckpoints;

  /**
   * @param failures told of what a logger throws, in an error that names it
   */
  LoggerGroup(List<Logger> loggers, Consumer<FulgurException> failures) {
    this.loggers = List.copyOf(loggers);
    this.failures = failures;
    this.listenForCheckpoints = this.loggers.stream().anyMatch(LoggerGroup::listensForCheckpoints);
  }

  boolean isEmpty() {
    return loggers.isEmpty();
  }

  /** Returns whether one of them does anything when it is told of a checkpoint. */
  boolean listenForCheckpoints() {
    return listenForCheckpoints;
  }

  private static boolean listensForCheckpoints(Logger logger) {
    try {
      return logger
              .getClass()
              .getMethod("afterSaveCheckpoint", CheckpointCallback.class)
              .getDeclaringClass()
          != Logger.class;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("Every logger has the methods of its interface", e);
    }
  }

  void logMetrics(Metrics metrics, long step) {
    for (int i = 0; i < loggers.size(); i++) {
      Logger logger = loggers.get(i);
      try {
        logger.logMetrics(metrics, step);
      } catch (Throwable e) {
        failures.accept(failed(logger, "logMetrics", e));
      }
    }
  }

  /**
   * Calls a method of every logger.
   *
   * @param action its name
   */
  void each(String action, Consumer<Logger> call) {
    for (Logger logger : loggers) {
      try {
        call.accept(logger);
      } catch (Throwable e) {
        failures.accept(failed(logger, action, e));
      }
    }
  }

  private static FulgurException failed(Logger logger, String action, Throwable cause) {
    return cause instanceof FulgurException own
        ? own
        : new FulgurException(
            ErrorId.LOGGER_FAILED,
            "The logger %s failed in %s: %s. Mend it, or leave it out of the trainer."
                .formatted(logger.getClass().getName(), action, cause),
            cause);
  }
}
