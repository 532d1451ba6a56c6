package io.fulgur.log;

import com.google.common.util.concurrent.Uninterruptibles;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.error.FulgurException;
import io.fulgur.profile.Profiler;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls the loggers of a trainer on a thread of its own, in the order in which they were to be
 * called.
 *
 * <p>A caller only copies its values; it waits while {@link #CAPACITY} calls are waiting, so that a
 * logger slower than training slows training down rather than filling the heap, and no call is ever
 * dropped. What a logger throws is thrown by the next call of this class. The thread is a daemon;
 * it ends with the run, or when nothing came for a while, and {@link LoggerThreads} has it finish
 * its work when the JVM exits without either.
 */
final class LoggerThread {
  /*
   * A ring of calls under a lock, rather than a BlockingQueue, for two reasons: the calls are reused,
   * so that a step makes no garbage; and a consumer that is woken for each element costs the training
   * thread microseconds in the kernel. Here nobody is woken: the thread looks every few milliseconds
   * whether something has come, unless half of the ring is full or somebody waits for the end of it.
   *
   * A call keeps its place in the ring while it runs, so that its values stay as they are.
   */

  /** How many calls may wait. */
  static final int CAPACITY = 1024;

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** How often the thread looks in vain before it ends; about ten seconds. */
  private static final int IDLE_LOOKS = 500;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Condition progressed = lock.newCondition();
  private final LoggerGroup loggers;
  private final @Nullable LoggerCall[] ring = new @Nullable LoggerCall[CAPACITY];
  private long added;
  private long done;
  private int waiting;

  /** Whether the call at {@link #done} runs. */
  private boolean running;

  private boolean ending;
  private @Nullable Thread thread;
  private @Nullable FulgurException failure;

  /**
   * @param profiler measures what the loggers do
   */
  LoggerThread(List<Logger> loggers, Profiler profiler) {
    this.loggers = new LoggerGroup(loggers, profiler, this::failed);
  }

  boolean hasLoggers() {
    return !loggers.isEmpty();
  }

  // ---------------------------------------------------------------- what callers do

  /**
   * Has values logged, which are copied.
   *
   * @throws FulgurException what a logger threw before
   */
  void logMetrics(OutgoingMetrics metrics) {
    if (loggers.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      throwFailure();
      place().set(metrics);
      add();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has a method of every logger called, some time.
   *
   * @param action its name
   * @throws FulgurException what a logger threw before
   */
  void call(String action, Consumer<Logger> method) {
    if (loggers.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      throwFailure();
      place().set(action, method);
      add();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has a method of every logger called and waits for it.
   *
   * @throws FulgurException what a logger threw, now or before
   */
  void callAndWait(String action, Consumer<Logger> method) {
    if (loggers.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      throwFailure();
      place().set(action, method);
      add();
      awaitDone(added);
      throwFailure();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells every logger of a checkpoint, and waits, as the callback may change afterwards; does not
   * wait where no logger listens, as all that was logged before would be waited for, too.
   *
   * @throws FulgurException what a logger threw, now or before
   */
  void afterSaveCheckpoint(CheckpointCallback callback) {
    if (loggers.listenForCheckpoints()) {
      callAndWait("afterSaveCheckpoint", logger -> logger.afterSaveCheckpoint(callback));
    }
  }

  /**
   * Ends the run of every logger, and the thread.
   *
   * @throws FulgurException what a logger threw, unless an earlier call threw it
   */
  void finish(RunStatus status) {
    if (loggers.isEmpty()) {
      return;
    }
    Thread last;
    lock.lock();
    try {
      place().set("finish", logger -> logger.finish(status));
      add();
      awaitDone(added);
      ending = true;
      arrived.signal();
      last = thread;
    } finally {
      lock.unlock();
    }
    if (last != null) {
      Uninterruptibles.joinUninterruptibly(last);
    }
    lock.lock();
    try {
      ending = false;
      throwFailure();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has everything logged so far saved and waits for it, but not for ever.
   *
   * @return how many calls were still waiting when the time was over
   */
  long saveWithin(long timeoutNanos) {
    lock.lock();
    try {
      if (added - done < CAPACITY) {
        place().set("save", Logger::save);
        add();
      }
      long left = timeoutNanos;
      waiting++;
      while (done < added && left > 0) {
        arrived.signal();
        left = progressed.awaitNanos(left);
      }
      return added - done;
    } catch (InterruptedException e) {
      return added - done;
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  /** Forgets what loggers threw in an earlier run. */
  void forgetFailure() {
    lock.lock();
    try {
      failure = null;
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- the ring, under the lock

  /** Returns the call to be added next, waiting until there is room. */
  private LoggerCall place() {
    awaitDone(added - CAPACITY + 1);
    int index = (int) (added % CAPACITY);
    LoggerCall free = ring[index];
    if (free == null) {
      free = new LoggerCall();
      ring[index] = free;
    }
    return free;
  }

  private void add() {
    added++;
    if (thread == null) {
      Thread made = new Thread(this::run, "fulgur-loggers");
      made.setDaemon(true);
      thread = made;
      LoggerThreads.add(this);
      made.start();
    } else if (added - done >= CAPACITY / 2) {
      arrived.signal();
    }
  }

  private void awaitDone(long target) {
    if (done >= target) {
      return;
    }
    waiting++;
    try {
      while (done < target) {
        arrived.signal();
        progressed.awaitUninterruptibly();
      }
    } finally {
      waiting--;
    }
  }

  private void throwFailure() {
    FulgurException thrown = failure;
    if (thrown != null) {
      failure = null;
      throw thrown;
    }
  }

  // ---------------------------------------------------------------- the thread

  private void run() {
    LoggerCall call = next();
    while (call != null) {
      call.run(loggers);
      call = next();
    }
  }

  /** Ends the call before, if there was one, and returns the next; null if the thread is to end. */
  private @Nullable LoggerCall next() {
    lock.lock();
    try {
      if (running) {
        done++;
        if (waiting > 0) {
          progressed.signalAll();
        }
      }
      awaitArrival();
      running = added > done;
      if (running) {
        return ring[(int) (done % CAPACITY)];
      }
      thread = null;
      LoggerThreads.remove(this);
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a call has come, the thread is to end, or nothing came for a while. */
  private void awaitArrival() {
    int looks = 0;
    while (added == done && !ending && looks < IDLE_LOOKS) {
      try {
        looks = arrived.awaitNanos(LOOK_NANOS) > 0 ? 0 : looks + 1;
      } catch (InterruptedException e) {
        // A logger has interrupted its own thread; there is nothing to be stopped here.
      }
    }
  }

  private void failed(FulgurException exception) {
    lock.lock();
    try {
      if (failure == null) {
        failure = exception;
      } else if (failure != exception && failure.getSuppressed().length < CAPACITY) {
        failure.addSuppressed(exception);
      }
    } finally {
      lock.unlock();
    }
  }
}
