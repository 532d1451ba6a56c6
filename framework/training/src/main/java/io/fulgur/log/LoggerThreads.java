package io.fulgur.log;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Has what waits for loggers written when the JVM exits. A run that is still going on may log more
 * afterwards, and finish.
 */
final class LoggerThreads {
  private static final long PATIENCE_SECONDS = 30;
  private static final Set<LoggerThread> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(LoggerThreads::saveAll, "fulgur-log-exit"));
    } catch (IllegalStateException e) {
      // The JVM is exiting already; what a run logs now is saved by its end.
    }
  }

  private LoggerThreads() {}

  static void add(LoggerThread thread) {
    RUNNING.add(thread);
  }

  static void remove(LoggerThread thread) {
    RUNNING.remove(thread);
  }

  private static void saveAll() {
    for (LoggerThread each : RUNNING) {
      long left = each.saveWithin(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
      if (left > 0) {
        System.err.printf(
            "The loggers did not keep up within %d seconds: %d calls of them are lost.%n",
            PATIENCE_SECONDS, left);
      }
    }
  }
}
