package io.fulgur.checkpoint;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Work on files that one thread does in the order in which it came. After a failure whatever
 * follows is left out until the failure has been told.
 */
final class BackgroundQueue {
  private static final long IDLE_SECONDS = 5;

  private final ThreadPoolExecutor executor;

  /** What becomes of a path when the last work on it that was asked for is done. */
  private final Map<Path, Work> upcoming = new HashMap<>();

  private int open;
  private int leftOut;
  private @Nullable Throwable failure;

  /** One piece of work, compared by identity. */
  private static final class Work {
    final @Nullable Path path;
    final boolean makes;
    final Runnable action;
    final Runnable afterwards;

    Work(@Nullable Path path, boolean makes, Runnable action, Runnable afterwards) {
      this.path = path;
      this.makes = makes;
      this.action = action;
      this.afterwards = afterwards;
    }
  }

  BackgroundQueue(String threadName) {
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, threadName);
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  /**
   * Adds work that leaves files alone.
   *
   * @param afterwards done in any case, also if the work fails or is left out
   */
  void add(Runnable action, Runnable afterwards) {
    submit(new Work(null, /* makes= */ false, action, afterwards));
  }

  /**
   * Adds work.
   *
   * @param makes whether there is something at the path afterwards, or nothing
   */
  void add(Path path, boolean makes, Runnable action) {
    add(path, makes, action, () -> {});
  }

  /**
   * Adds work.
   *
   * @param afterwards done in any case, also if the work fails or is left out
   */
  void add(Path path, boolean makes, Runnable action, Runnable afterwards) {
    submit(new Work(path.toAbsolutePath().normalize(), makes, action, afterwards));
  }

  private void submit(Work work) {
    synchronized (this) {
      open++;
      if (work.path != null) {
        upcoming.put(work.path, work);
      }
    }
    executor.execute(() -> run(work));
  }

  private void run(Work work) {
    @Nullable Throwable thrown = null;
    try {
      if (mayRun()) {
        work.action.run();
      }
    } catch (RuntimeException | Error e) {
      thrown = e;
    } finally {
      work.afterwards.run();
      done(work, thrown);
    }
  }

  private synchronized boolean mayRun() {
    if (failure != null) {
      leftOut++;
      return false;
    }
    return true;
  }

  private synchronized void done(Work work, @Nullable Throwable thrown) {
    if (thrown != null) {
      failure = thrown;
    }
    if (work.path != null) {
      upcoming.remove(work.path, work);
    }
    open--;
    notifyAll();
  }

  /** Returns whether there will be something at a path; null if no work on it is left. */
  synchronized @Nullable Boolean willExist(Path path) {
    Work work = upcoming.get(path.toAbsolutePath().normalize());
    return work == null ? null : work.makes;
  }

  /** Waits until all work is done, however often the thread is interrupted, and tells a failure. */
  void await() {
    synchronized (this) {
      awaitAll();
    }
    throwFailure();
  }

  /** Throws what has failed, if anything has, once. */
  void throwFailure() {
    Throwable cause;
    int skipped;
    synchronized (this) {
      cause = failure;
      if (cause == null) {
        return;
      }
      // Whatever was asked for before the failure is known rests on what failed.
      awaitAll();
      skipped = leftOut;
      failure = null;
      leftOut = 0;
    }
    throw failed(cause, skipped);
  }

  /** Waits; the caller has the lock. */
  private void awaitAll() {
    boolean interrupted = false;
    while (open > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static FulgurException failed(Throwable cause, int leftOut) {
    boolean known = cause instanceof FulgurException;
    String reason = known ? String.valueOf(cause.getMessage()) : cause.toString();
    return new FulgurException(
        cause instanceof FulgurException own ? own.id() : ErrorId.CANNOT_WRITE,
        "Saving checkpoints in the background failed while training went on.%s\n   %s"
            .formatted(
                leftOut == 0
                    ? ""
                    : " What was to follow, %d times to save, copy, link or remove one, was left out, so that no older one is lost."
                        .formatted(leftOut),
                reason.replace("\n", "\n   ")),
        cause);
  }
}
