package io.fulgur.loop;

import io.fulgur.TerminationException;
import io.fulgur.Trainer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a run at its next safe point when the process is to end or the run's thread is interrupted.
 *
 * <p>SIGTERM, Ctrl-C and {@code System.exit} all start the JVM's shutdown hooks, which run beside
 * the threads there are; the process ends when the hooks have. One hook for all trainers marks
 * every run and waits for it: the run's own thread sees the mark after its batch and throws, so
 * that callbacks save and loggers finish on the thread that owns the tensors.
 *
 * <p>A run whose own thread has called {@code System.exit} will never come to a safe point: that
 * call waits for the hooks. It is recognised by its stack, and only its loggers are finished.
 */
final class Termination implements AutoCloseable {
  /** A little less than Kubernetes leaves between asking a process to end and killing it. */
  static final Duration PATIENCE = Duration.ofSeconds(25);

  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);
  private static final long LOOK_MILLIS = 50;
  private static final Set<Termination> RUNNING = ConcurrentHashMap.newKeySet();

  private static final class Hook {
    private static final boolean SHUTTING_DOWN = isTooLate();

    private Hook() {}

    private static boolean isTooLate() {
      try {
        Runtime.getRuntime().addShutdownHook(new Thread(Termination::endAll, "fulgur-shutdown"));
        return false;
      } catch (IllegalStateException e) {
        return true;
      }
    }
  }

  private final String what;
  private final Thread thread;
  private final Runnable finishLoggers;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean shuttingDown;

  private Termination(String what, Thread thread, Runnable finishLoggers) {
    this.what = what;
    this.thread = thread;
    this.finishLoggers = finishLoggers;
  }

  /**
   * Starts to watch over a run of this thread.
   *
   * @param what the run's name in messages
   * @param finishLoggers what is still to be done for a run that cannot end by itself
   */
  static Termination guard(String what, Runnable finishLoggers) {
    Termination made = new Termination(what, Thread.currentThread(), finishLoggers);
    RUNNING.add(made);
    if (Hook.SHUTTING_DOWN) {
      made.shuttingDown = true;
    }
    return made;
  }

  /** Returns whether the process is about to end. */
  boolean isShuttingDown() {
    return shuttingDown;
  }

  /**
   * Ends the run if that is wanted; called where a checkpoint can be saved to go on from.
   *
   * @throws TerminationException if the process is about to end or this thread was interrupted
   */
  void check() {
    if (shuttingDown) {
      throw new TerminationException(
          "Trainer.%s was ended, as the process was asked to end.".formatted(what));
    }
    if (thread.isInterrupted()) {
      throw new TerminationException(
          "Trainer.%s was ended, as its thread was interrupted.".formatted(what));
    }
  }

  /** Says that the run is over, whatever has become of it. */
  @Override
  public void close() {
    RUNNING.remove(this);
    over.countDown();
  }

  private static void endAll() {
    List<Termination> running = List.copyOf(RUNNING);
    running.forEach(run -> run.shuttingDown = true);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    running.forEach(run -> run.awaitEnd(deadline));
  }

  private void awaitEnd(long deadline) {
    if (!isExiting()) {
      LOG.warn(
          "The process is to end: Trainer.{} stops after its batch. It is waited for, at most {} s",
          what,
          PATIENCE.toSeconds());
    }
    try {
      while (!over.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (isExiting()) {
          LOG.warn(
              "System.exit was called within Trainer.{}: no checkpoint is saved. To end a training"
                  + " with one, call trainer.stop() or interrupt its thread",
              what);
          finishLoggers.run();
          return;
        }
        if (System.nanoTime() - deadline > 0) {
          LOG.error(
              "Trainer.{} did not come to the end of its batch within {} s: no checkpoint is saved."
                  + " Those saved before are whole",
              what,
              PATIENCE.toSeconds());
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether the run's thread itself waits for the process to end. */
  private boolean isExiting() {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getClassName().equals("java.lang.Shutdown")) {
        return true;
      }
    }
    return false;
  }
}
