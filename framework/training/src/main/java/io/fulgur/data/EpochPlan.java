package io.fulgur.data;

import io.fulgur.tensor.Generator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The work of one epoch. Tasks are taken in order by one thread at a time; each makes a batch and
 * may be run by any thread.
 */
abstract class EpochPlan {
  private final EpochContext epoch;
  private long number;
  private boolean ended;

  /** Makes the plan of an epoch whose first {@code skipped} batches are left out. */
  EpochPlan(EpochContext epoch, long skipped) {
    this.epoch = epoch;
    this.number = skipped;
  }

  /** Returns which epoch this is. */
  final EpochContext epoch() {
    return epoch;
  }

  /** Returns the number in the epoch of the batch that the next task makes. */
  final long number() {
    return number;
  }

  /** Returns the next task or null at the end. Never throws: what fails here, a task throws. */
  final @Nullable Supplier<HostBatch> next() {
    if (ended) {
      return null;
    }
    try {
      Supplier<HostBatch> task = read();
      ended = task == null;
      return task == null ? null : seeded(task, epoch.batchSeed(number++));
    } catch (RuntimeException | Error e) {
      ended = true;
      return () -> {
        throw e;
      };
    }
  }

  /**
   * Lets code that draws from its thread's generator draw the same numbers on every thread, and
   * leave those of the training loop alone where the loop's thread is the one.
   */
  private static Supplier<HostBatch> seeded(Supplier<HostBatch> task, long seed) {
    return () -> {
      Generator generator = Generator.defaultGenerator();
      long outerSeed = generator.seed();
      long outerOffset = generator.offset();
      generator.seed(seed);
      try {
        return task.get();
      } finally {
        generator.restore(outerSeed, outerOffset);
      }
    };
  }

  /** Reads the next task, null at the end. */
  abstract @Nullable Supplier<HostBatch> read();

  /** Closes what reading has opened, once nobody reads any more. */
  void close() {}
}
