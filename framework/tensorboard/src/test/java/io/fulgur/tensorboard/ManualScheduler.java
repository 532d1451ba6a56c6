package io.fulgur.tensorboard;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A writing thread whose interval is over when a test says so, and that counts what it is asked.
 */
final class ManualScheduler extends ScheduledThreadPoolExecutor {
  private volatile Runnable periodic = () -> {};
  private volatile long intervalMillis;
  private volatile int requests;

  ManualScheduler() {
    super(1);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    periodic = command;
    intervalMillis = unit.toMillis(delay);
    return super.schedule(() -> {}, 0, TimeUnit.SECONDS);
  }

  @Override
  public synchronized void execute(Runnable command) {
    requests++;
    super.execute(command);
  }

  long intervalMillis() {
    return intervalMillis;
  }

  /** Counts the times that a writer asked for a drain, a flush or a close. */
  int requests() {
    return requests;
  }

  /** Lets one interval pass, and returns when what is due at its end is done. */
  void letIntervalPass() {
    CompletableFuture.runAsync(periodic, super::execute).join();
  }

  /** Lets the thread do nothing until released. */
  void holdUntil(CountDownLatch released) {
    super.execute(
        () -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  /** Returns when everything asked for so far is done. */
  void awaitRequests() {
    CompletableFuture.runAsync(() -> {}, super::execute).join();
  }
}
