package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.ThreadPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that make the batches of one epoch ahead of the one who reads them.
 *
 * <p>Batches are numbered as their tasks are taken from the plan, and are served by number: the
 * order does not depend on which worker is faster. At most {@code prefetch} batches are taken and
 * not yet served.
 */
final class WorkerPool {
  /*
   * Two locks. `planning` is held by the one worker that reads the next task, which may run user code
   * for long (an iterator over the network); `state` guards the counters and the ring and is never
   * held while user code runs, so that batches that are ready can be served meanwhile. `planning` is
   * taken first.
   *
   * Workers are never interrupted: an interrupt closes the FileChannel that a thread reads from, also
   * for all other users of it.
   */
  private final ReentrantLock planning = new ReentrantLock();
  private final ReentrantLock state = new ReentrantLock();
  private final Condition room = state.newCondition();
  private final Condition ready = state.newCondition();

  private final EpochPlan plan;
  private final List<Thread> threads = new ArrayList<>();
  private final @Nullable Outcome[] ring;
  private long taken;
  private long served;
  private boolean ended;
  private boolean stopped;

  /** A batch, or what was thrown in its place. */
  private record Outcome(@Nullable HostBatch batch, @Nullable Throwable failure) {}

  WorkerPool(EpochPlan plan, int prefetch) {
    this.plan = plan;
    this.ring = new Outcome[prefetch];
  }

  void start(int workers) {
    try {
      for (int i = 0; i < workers; i++) {
        Thread thread = new Thread(this::work, "fulgur-data-worker-" + i);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
      }
    } catch (Error e) {
      // The system allows no more threads; those that it did allow must not stay.
      close();
      throw e;
    }
  }

  private void work() {
    ThreadPolicy.current().standBack();
    while (true) {
      Supplier<HostBatch> task;
      long number;
      planning.lock();
      try {
        if (!awaitRoom()) {
          return;
        }
        task = plan.next();
        number = announce(task);
      } finally {
        planning.unlock();
      }
      if (task == null) {
        return;
      }
      deliver(number, run(task));
    }
  }

  /** Waits until another batch may be taken; false if there is none to take any more. */
  private boolean awaitRoom() {
    state.lock();
    try {
      while (!stopped && !ended && taken - served >= ring.length) {
        room.awaitUninterruptibly();
      }
      return !stopped && !ended;
    } finally {
      state.unlock();
    }
  }

  private long announce(@Nullable Supplier<HostBatch> task) {
    state.lock();
    try {
      ready.signal();
      if (task == null) {
        ended = true;
        return -1;
      }
      return taken++;
    } finally {
      state.unlock();
    }
  }

  private static Outcome run(Supplier<HostBatch> task) {
    try {
      return new Outcome(task.get(), null);
    } catch (Throwable e) {
      return new Outcome(null, e);
    }
  }

  private void deliver(long number, Outcome outcome) {
    state.lock();
    try {
      ring[(int) (number % ring.length)] = outcome;
      if (number == served) {
        ready.signal();
      }
    } finally {
      state.unlock();
    }
  }

  /** Waits until it is known whether there is another batch. */
  boolean hasNext() {
    state.lock();
    try {
      awaitReady(() -> !ended && taken == served);
      return !stopped && taken > served;
    } finally {
      state.unlock();
    }
  }

  /** Waits for the next batch, which there must be. */
  HostBatch next() {
    Outcome outcome;
    state.lock();
    try {
      int slot = (int) (served % ring.length);
      awaitReady(() -> ring[slot] == null);
      outcome = ring[slot];
      if (outcome == null) {
        throw new NoSuchElementException("The iterator was closed by another thread");
      }
      ring[slot] = null;
      served++;
      room.signal();
    } finally {
      state.unlock();
    }
    if (outcome.batch() == null) {
      throw failure(outcome.failure());
    }
    return outcome.batch();
  }

  private static RuntimeException failure(@Nullable Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException exception
        ? exception
        : new IllegalStateException(failure);
  }

  private void awaitReady(BooleanSupplier isPending) {
    try {
      while (!stopped && isPending.getAsBoolean()) {
        ready.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FulgurException(
          ErrorId.INTERRUPTED,
          "The thread was interrupted while it waited for a batch, so the epoch ends here. "
              + "Resume from a checkpoint to go on.",
          e);
    }
  }

  /** Returns whether all batches of the epoch have been served. */
  boolean isFinished() {
    state.lock();
    try {
      return ended && !stopped && taken == served;
    } finally {
      state.unlock();
    }
  }

  /** Tells the workers to stop, without waiting for them. */
  void stop() {
    state.lock();
    try {
      stopped = true;
      room.signalAll();
      ready.signalAll();
    } finally {
      state.unlock();
    }
  }

  /** Tells the workers to stop and waits until they have. */
  void close() {
    stop();
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
