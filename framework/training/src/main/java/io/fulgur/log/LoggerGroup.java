package io.fulgur.log;

import io.fulgur.callback.CheckpointCallback;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.profile.Actions;
import io.fulgur.profile.Profiler;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The loggers of a trainer, called one after the other. One that fails does not keep the others
 * from being called, nor itself from being called again.
 */
final class LoggerGroup {
  private static final String LOG_METRICS = "logMetrics";

  private final List<Logger> loggers;
  private final Profiler profiler;
  private final List<String> owners;
  private final Consumer<FulgurException> failures;
  private final boolean listenForCheckpoints;

  /**
   * @param profiler measures each call
   * @param failures told of what a logger throws, in an error that names it
   */
  LoggerGroup(List<Logger> loggers, Profiler profiler, Consumer<FulgurException> failures) {
    this.loggers = List.copyOf(loggers);
    this.profiler = profiler;
    this.owners = Actions.owners(Actions.LOGGER, this.loggers);
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
      try (Profiler.Region region = region(i, LOG_METRICS)) {
        logger.logMetrics(metrics, step);
      } catch (Throwable e) {
        failures.accept(failed(logger, LOG_METRICS, e));
      }
    }
  }

  /**
   * Calls a method of every logger.
   *
   * @param action its name
   */
  void each(String action, Consumer<Logger> call) {
    for (int i = 0; i < loggers.size(); i++) {
      Logger logger = loggers.get(i);
      try (Profiler.Region region = region(i, action)) {
        call.accept(logger);
      } catch (Throwable e) {
        failures.accept(failed(logger, action, e));
      }
    }
  }

  /** Starts the action of a logger; returns null without a profiler. */
  private Profiler.@Nullable Region region(int logger, String action) {
    return profiler == Profiler.NONE ? null : profiler.region(owners.get(logger) + "." + action);
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
