package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.ThreadPolicy;
import java.time.Duration;
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
  private static final int FRAMES_SHOWN = 8;

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
  private final LoaderThreads options;
  private final @Nullable LoadObserver observer;
  private final long firstNumber;
  private final @Nullable Outcome[] ring;
  private final @Nullable Thread[] makers;
  private WorkerThreads.@Nullable Work work;
  private @Nullable Thread planner;
  private int working;
  private long taken;
  private long served;
  private long waitedNanos;
  private long loadedNanos;
  private SourceMark end = SourceMark.NONE;
  private boolean ended;
  private boolean stopped;
  private boolean hanging;
  private boolean failed;
  private @Nullable Throwable broken;

  /** A batch, or what was thrown in its place. */
  private record Outcome(@Nullable HostBatch batch, @Nullable Throwable failure, SourceMark mark) {}

  /** A batch, and how things stood when it had been read. */
  record Served(HostBatch batch, SourceMark mark) {}

  WorkerPool(EpochPlan plan, LoaderThreads options, @Nullable LoadObserver observer) {
    this.plan = plan;
    this.options = options;
    this.observer = observer;
    this.firstNumber = plan.number();
    this.ring = new Outcome[options.prefetch()];
    this.makers = new Thread[options.prefetch()];
  }

  void start(WorkerThreads threads) {
    working = options.workers();
    work = threads.start(working, this::work, this::stop);
  }

  private void work() {
    try {
      ThreadPolicy.current().standBack();
      makeBatches();
    } catch (Throwable e) {
      // What user code throws takes a batch's place; of anything else the reader must hear, too.
      breakDown(e);
    } finally {
      leave();
    }
  }

  private void breakDown(Throwable cause) {
    state.lock();
    try {
      broken = cause;
    } finally {
      state.unlock();
    }
    stop();
  }

  private void makeBatches() {
    while (true) {
      EpochPlan.Step step;
      long number;
      planning.lock();
      try {
        if (!awaitRoom()) {
          return;
        }
        long began = options.clock().getAsLong();
        step = plan.nextMarked();
        number = announce(step, options.clock().getAsLong() - began);
      } finally {
        planning.unlock();
      }
      Supplier<HostBatch> task = step.task();
      if (task == null) {
        return;
      }
      long began = options.clock().getAsLong();
      Outcome outcome = run(task, step.mark(), began);
      deliver(number, outcome, options.clock().getAsLong() - began);
    }
  }

  /** Closes the plan once no worker can read from it any more. */
  private void leave() {
    boolean last;
    state.lock();
    try {
      last = --working == 0;
    } finally {
      state.unlock();
    }
    if (last) {
      plan.close();
    }
  }

  /** Waits until another batch may be taken; false if there is none to take any more. */
  private boolean awaitRoom() {
    state.lock();
    try {
      while (!stopped && !ended && taken - served >= ring.length) {
        room.awaitUninterruptibly();
      }
      planner = Thread.currentThread();
      return !stopped && !ended;
    } finally {
      state.unlock();
    }
  }

  private long announce(EpochPlan.Step step, long nanos) {
    state.lock();
    try {
      ready.signal();
      planner = null;
      loadedNanos += nanos;
      if (step.task() == null) {
        ended = true;
        end = step.mark();
        return -1;
      }
      makers[(int) (taken % makers.length)] = Thread.currentThread();
      return taken++;
    } finally {
      state.unlock();
    }
  }

  private Outcome run(Supplier<HostBatch> task, SourceMark mark, long began) {
    try {
      WorkerStart start = options.start();
      if (start != null && Thread.currentThread() instanceof WorkerThread worker) {
        worker.prepare(start, plan.epoch().seed());
      }
      HostBatch batch = task.get();
      if (observer != null) {
        observer.loaded(began, options.clock().getAsLong());
      }
      return new Outcome(batch, null, mark);
    } catch (Throwable e) {
      return new Outcome(null, e, mark);
    }
  }

  private void deliver(long number, Outcome outcome, long nanos) {
    state.lock();
    try {
      int slot = (int) (number % ring.length);
      ring[slot] = outcome;
      makers[slot] = null;
      loadedNanos += nanos;
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
  Served next() {
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
      failed = outcome.batch() == null;
      room.signal();
    } finally {
      state.unlock();
    }
    HostBatch batch = outcome.batch();
    if (batch == null) {
      throw failure(outcome.failure());
    }
    return new Served(batch, outcome.mark());
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
    throwIfBroken();
    if (stopped || !isPending.getAsBoolean()) {
      return;
    }
    long began = options.clock().getAsLong();
    Duration timeout = options.timeout();
    long leftNanos = timeout == null ? Long.MAX_VALUE : timeout.toNanos();
    try {
      while (!stopped && isPending.getAsBoolean()) {
        if (timeout == null) {
          ready.await();
        } else if (leftNanos > 0) {
          leftNanos = ready.awaitNanos(leftNanos);
        } else {
          hanging = true;
          throw timedOut(timeout);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FulgurException(
          ErrorId.INTERRUPTED,
          "The thread was interrupted while it waited for a batch, so the epoch ends here. "
              + "Resume from a checkpoint to go on.",
          e);
    } finally {
      waitedNanos += options.clock().getAsLong() - began;
    }
    throwIfBroken();
  }

  private void throwIfBroken() {
    Throwable cause = broken;
    if (cause != null) {
      broken = null;
      throw failure(cause);
    }
  }

  /** Tells what the worker does whose batch does not come. */
  private FulgurException timedOut(Duration timeout) {
    Thread maker = taken > served ? makers[(int) (served % makers.length)] : planner;
    StringBuilder text = new StringBuilder();
    text.append(
        "Batch %d of epoch %d was not there after timeout(%s). "
            .formatted(firstNumber + served, plan.epoch().epoch(), timeout));
    if (maker == null) {
      text.append("No worker is at it. ");
    } else {
      text.append("%s is at it, and was just here:".formatted(maker.getName()));
      StackTraceElement[] stack = maker.getStackTrace();
      for (int i = 0; i < Math.min(stack.length, FRAMES_SHOWN); i++) {
        text.append("\n     at ").append(stack[i]);
      }
      text.append("\n   ");
    }
    text.append("Mend what hangs, or allow a longer time.");
    return new FulgurException(ErrorId.LOADER_TIMEOUT, text.toString());
  }

  /** Returns how things stood at the end of the epoch if all batches were served; null if not. */
  @Nullable SourceMark end() {
    state.lock();
    try {
      return ended && !stopped && taken == served ? end : null;
    } finally {
      state.unlock();
    }
  }

  /** Returns whether more was read than was served, be it the end. */
  boolean isAhead() {
    state.lock();
    try {
      return ended || failed || taken > served;
    } finally {
      state.unlock();
    }
  }

  /** Returns whether a worker was given up that may go on at any time. */
  boolean isHanging() {
    state.lock();
    try {
      return hanging;
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

  /** Returns what has been measured so far. */
  LoadTimes times() {
    state.lock();
    try {
      return new LoadTimes(failed ? served - 1 : served, waitedNanos, loadedNanos);
    } finally {
      state.unlock();
    }
  }

  /** Tells the workers to stop and waits until they have, unless one of them hangs. */
  void close() {
    stop();
    WorkerThreads.Work current = work;
    boolean interrupted = false;
    while (current != null && !hanging) {
      try {
        current.await();
        current = null;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
