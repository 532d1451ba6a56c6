package io.fulgur.tensorboard;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Flushes the writers that are still open when the JVM exits. */
final class OpenWriters {
  private static final Set<EventFileWriter> OPEN = ConcurrentHashMap.newKeySet();

  static {
    try {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(OpenWriters::flushAll, "fulgur-tensorboard-exit"));
    } catch (IllegalStateException e) {
      // The JVM is exiting already, so whoever opens a writer now closes it too.
    }
  }

  private OpenWriters() {}

  static void add(EventFileWriter writer) {
    OPEN.add(writer);
  }

  static void remove(EventFileWriter writer) {
    OPEN.remove(writer);
  }

  private static void flushAll() {
    for (EventFileWriter writer : OPEN) {
      try {
        writer.flush();
      } catch (EventFileException e) {
        System.err.println(e.getMessage());
      } catch (IllegalStateException e) {
        // Closed in the meantime, by another thread.
      }
    }
  }
}
