package io.fulgur.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LocationAwareLogger;

/** What is told on the console. */
final class LogLines {
  private LogLines() {}

  /** Returns what is logged while an action runs, warnings and worse. */
  static String of(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream caught = new ByteArrayOutputStream();
    System.setErr(new PrintStream(caught, true, UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return caught.toString(UTF_8);
  }

  /** As {@link #of(Runnable)} with what a class tells besides, which tests leave out. */
  static String of(Class<?> talkative, Runnable action) {
    Logger logger = LoggerFactory.getLogger(talkative);
    int before = level(logger, LocationAwareLogger.INFO_INT);
    try {
      return of(action);
    } finally {
      level(logger, before);
    }
  }

  /** The simple logger's level cannot be changed otherwise once it is made. */
  private static int level(Logger logger, int level) {
    try {
      Field field = logger.getClass().getDeclaredField("currentLogLevel");
      field.setAccessible(true);
      int before = field.getInt(logger);
      field.setInt(logger, level);
      return before;
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
