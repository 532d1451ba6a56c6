package io.fulgur.tune;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells a lack of memory from other failures. */
final class OutOfMemory {
  private static final int DEEPEST = 20;

  /** What native code and drivers say, in lower case; the JVM and JavaCPP throw an error. */
  private static final List<String> TEXTS =
      List.of("out of memory", "bad_alloc", "allocation failed", "cannot allocate memory");

  private OutOfMemory() {}

  /** Returns whether a failure, or what caused it, is a lack of memory. */
  static boolean caused(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (isOutOfMemory(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean isOutOfMemory(Throwable failure) {
    String message = lower(failure.getMessage());
    if (failure instanceof OutOfMemoryError) {
      // The JVM throws the same error where the system has no room for one more thread.
      return !message.contains("native thread");
    }
    return failure instanceof RuntimeException && TEXTS.stream().anyMatch(message::contains);
  }

  private static String lower(@Nullable String message) {
    return message == null ? "" : message.toLowerCase(Locale.ROOT);
  }
}
