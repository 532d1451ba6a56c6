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
  private long toSkip;
  private boolean ended;

  /**
   * Makes the plan of an epoch.
   *
   * @param first the number of the first batch that {@link #read()} gives
   * @param toSkip how many batches are to be read and left out
   */
  EpochPlan(EpochContext epoch, long first, long toSkip) {
    this.epoch = epoch;
    this.number = first;
    this.toSkip = toSkip;
  }

  /** Returns which epoch this is. */
  final EpochContext epoch() {
    return epoch;
  }

  /** Returns the number in the epoch of the batch that the next task makes. */
  final long number() {
    return number + toSkip;
  }

  /**
   * A task, and how things stood when it had been read.
   *
   * @param task null at the end
   */
  record Step(@Nullable Supplier<HostBatch> task, SourceMark mark) {}

  /** Returns the next task with a mark. Never throws: what fails here, a task throws. */
  final Step nextMarked() {
    Supplier<HostBatch> task = next();
    if (ended && task != null) {
      return new Step(task, SourceMark.NONE); // It throws what reading has thrown.
    }
    try {
      return new Step(task, mark());
    } catch (RuntimeException | Error e) {
      ended = true;
      return new Step(
          () -> {
            throw e;
          },
          SourceMark.NONE);
    }
  }

  /** Returns the next task or null at the end. Never throws: what fails here, a task throws. */
  final @Nullable Supplier<HostBatch> next() {
    if (ended) {
      return null;
    }
    try {
      for (; toSkip > 0 && !ended; toSkip--) {
        ended = readNext() == null;
      }
      Supplier<HostBatch> task = ended ? null : readNext();
      ended = task == null;
      if (task == null) {
        return null;
      }
      long seed = epoch.batchSeed(number - 1);
      return () -> seeded(seed, task);
    } catch (RuntimeException | Error e) {
      ended = true;
      return () -> {
        throw e;
      };
    }
  }

  private @Nullable Supplier<HostBatch> readNext() {
    // Another seed than the task's, for a stream runs user code both when it is read and after.
    return seeded(~epoch.batchSeed(number++), this::read);
  }

  /**
   * Lets code that draws from its thread's generator draw the same numbers on every thread, and
   * leave those of the training loop alone where the loop's thread is the one.
   */
  private static <T extends @Nullable Object> T seeded(long seed, Supplier<T> action) {
    Generator generator = Generator.defaultGenerator();
    long outerSeed = generator.seed();
    long outerOffset = generator.offset();
    generator.seed(seed);
    try {
      return action.get();
    } finally {
      generator.restore(outerSeed, outerOffset);
    }
  }

  /** Reads the next task, null at the end. */
  abstract @Nullable Supplier<HostBatch> read();

  /** Returns how things stand after the task that {@link #next} has given last. */
  SourceMark mark() {
    return SourceMark.NONE;
  }

  /** Closes what reading has opened, once nobody reads any more. */
  void close() {}
}
