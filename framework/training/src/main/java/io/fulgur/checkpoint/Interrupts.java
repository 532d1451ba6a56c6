package io.fulgur.checkpoint;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Keeps interrupts away from files. An interrupt closes the channel that its thread works on, but a
 * run that is stopped by one wants its last checkpoint all the same.
 */
final class Interrupts {
  private Interrupts() {}

  /** Something that can be done again from the start. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws IOException;
  }

  /** Does something, again if need be, and leaves the thread interrupted if it was meanwhile. */
  static <T> T defer(Action<T> action) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return action.run();
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
