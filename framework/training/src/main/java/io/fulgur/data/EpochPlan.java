package io.fulgur.data;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The work of one epoch. Tasks are taken in order by one thread at a time; each makes a batch and
 * may be run by any thread.
 */
abstract class EpochPlan {
  private boolean ended;

  /** Returns the next task or null at the end. Never throws: what fails here, a task throws. */
  final @Nullable Supplier<HostBatch> next() {
    if (ended) {
      return null;
    }
    try {
      Supplier<HostBatch> task = read();
      ended = task == null;
      return task;
    } catch (RuntimeException | Error e) {
      ended = true;
      return () -> {
        throw e;
      };
    }
  }

  /** Reads the next task, null at the end. */
  abstract @Nullable Supplier<HostBatch> read();
}
