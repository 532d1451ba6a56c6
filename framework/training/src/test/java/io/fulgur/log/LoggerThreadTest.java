package io.fulgur.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.Uninterruptibles;
import com.sun.management.ThreadMXBean;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.profile.Profiler;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoggerThreadTest {
  /** Keeps what it was called with, and fails where a test says so. */
  static class Keeping implements Logger {
    final List<String> calls = new ArrayList<>();
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    void before(long step) {}

    @Override
    public void logMetrics(Metrics metrics, long step) {
      threads.add(Thread.currentThread());
      before(step);
      calls.add(step + "=" + metrics.toMap());
    }

    @Override
    public void save() {
      calls.add("save");
    }

    @Override
    public void finish(RunStatus status) {
      calls.add(status.name());
    }

    @Override
    public String name() {
      return "keeping";
    }

    @Override
    public String version() {
      return "0";
    }
  }

  private final OutgoingMetrics reused = new OutgoingMetrics();

  /** Sends one value, in the object that every call uses. */
  private void log(LoggerThread loggers, long step, double value) {
    reused.start(step);
    reused.add(0, "foo", value);
    loggers.logMetrics(reused);
  }

  private static List<String> expected(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> i + "={foo=" + (double) i + "}").toList();
  }

  @Test
  void logMetrics_manyMoreThanFit_keepsAllInOrderOnOneThread() {
    Keeping first = new Keeping();
    Keeping second = new Keeping();
    LoggerThread loggers = new LoggerThread(List.of(first, second), Profiler.NONE);
    int lots = 5 * LoggerThread.CAPACITY + 3;
    for (int i = 0; i < lots; i++) {
      log(loggers, i, i);
    }
    loggers.call("save", Logger::save);
    loggers.finish(RunStatus.SUCCESS);

    List<String> all = new ArrayList<>(expected(0, lots));
    all.addAll(List.of("save", "SUCCESS"));
    assertThat(first.calls).isEqualTo(all);
    assertThat(second.calls).isEqualTo(all);
    assertThat(first.threads).hasSize(1).isEqualTo(second.threads);
    assertThat(first.threads).doesNotContain(Thread.currentThread());
  }

  @Test
  void logMetrics_ringIsFull_waitsForTheLogger() throws InterruptedException {
    CountDownLatch stuck = new CountDownLatch(1);
    Keeping slow =
        new Keeping() {
          @Override
          void before(long step) {
            Uninterruptibles.awaitUninterruptibly(stuck);
          }
        };
    LoggerThread loggers = new LoggerThread(List.of(slow), Profiler.NONE);
    for (int i = 0; i < LoggerThread.CAPACITY; i++) {
      log(loggers, i, i);
    }
    int last = LoggerThread.CAPACITY;
    Thread oneMore = new Thread(() -> log(loggers, last, last));
    oneMore.start();
    while (oneMore.getState() != Thread.State.WAITING) {
      assertThat(oneMore.isAlive()).as("waits, as there is no room").isTrue();
      Thread.onSpinWait();
    }
    stuck.countDown();
    oneMore.join();
    loggers.finish(RunStatus.SUCCESS);

    assertThat(slow.calls.subList(0, last + 1)).isEqualTo(expected(0, last + 1));
  }

  /** Fails at some steps. */
  static Keeping failing(Set<Long> steps, Throwable failure) {
    return new Keeping() {
      @Override
      void before(long step) {
        if (steps.contains(step)) {
          LoggerThreadTest.<RuntimeException>sneakily(failure);
        }
      }
    };
  }

  @SuppressWarnings("unchecked") // So that a checked exception can be thrown as well.
  private static <T extends Throwable> void sneakily(Throwable failure) throws T {
    throw (T) failure;
  }

  @Test
  void logMetrics_loggerFails_theNextCallTellsAndNothingElseIsLost() {
    Keeping bad = failing(Set.of(1L, 2L), new IllegalStateException("on purpose"));
    Keeping good = new Keeping();
    LoggerThread loggers = new LoggerThread(List.of(bad, good), Profiler.NONE);
    for (int i = 0; i < 5; i++) {
      log(loggers, i, i);
    }

    FulgurException failure =
        catchThrowableOfType(
            FulgurException.class, () -> loggers.callAndWait("save", Logger::save));
    assertThat(failure.id()).isEqualTo(ErrorId.LOGGER_FAILED);
    assertThat(failure)
        .hasMessage(
            "[LoggerFailed] The logger %s failed in logMetrics: java.lang.IllegalStateException: on purpose. Mend it, or leave it out of the trainer.",
            bad.getClass().getName())
        .hasRootCauseMessage("on purpose");
    assertThat(failure.getSuppressed()).hasSize(1);
    log(loggers, 5, 5);
    loggers.finish(RunStatus.FAILED);

    assertThat(good.calls.stream().filter(call -> !call.equals("save")))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(0, 6)
                .mapToObj(i -> i < 6 ? expected(i, i + 1).get(0) : "FAILED")
                .toList());
    assertThat(bad.calls.stream().filter(call -> call.contains("=")))
        .containsExactly("0={foo=0.0}", "3={foo=3.0}", "4={foo=4.0}", "5={foo=5.0}");
  }

  @Test
  void finish_loggerFailedBefore_tellsAndHasFinishedAll() {
    Keeping bad = failing(Set.of(0L), new AssertionError("on purpose"));
    LoggerThread loggers = new LoggerThread(List.of(bad), Profiler.NONE);
    log(loggers, 0, 0);

    assertThatThrownBy(() -> loggers.finish(RunStatus.SUCCESS))
        .isInstanceOf(FulgurException.class)
        .hasRootCauseInstanceOf(AssertionError.class);
    assertThat(bad.calls).containsExactly("SUCCESS");
    loggers.finish(RunStatus.FAILED);
  }

  @Test
  void finish_thread_ends() {
    Keeping logger = new Keeping();
    LoggerThread loggers = new LoggerThread(List.of(logger), Profiler.NONE);
    log(loggers, 0, 0);
    loggers.finish(RunStatus.SUCCESS);
    assertThat(logger.threads).allMatch(thread -> !thread.isAlive());

    log(loggers, 1, 1);
    loggers.finish(RunStatus.SUCCESS);
    assertThat(logger.calls).containsExactly("0={foo=0.0}", "SUCCESS", "1={foo=1.0}", "SUCCESS");
  }

  @Test
  void logMetrics_steadyState_makesNoGarbageForTheCaller() {
    AtomicInteger seen = new AtomicInteger();
    LoggerThread loggers =
        new LoggerThread(
            List.of(
                new Keeping() {
                  @Override
                  public void logMetrics(Metrics metrics, long step) {
                    seen.incrementAndGet();
                  }
                }),
            Profiler.NONE);
    for (int i = 0; i < 2 * LoggerThread.CAPACITY; i++) {
      log(loggers, i, i);
    }
    loggers.callAndWait("save", logger -> {});
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    // Fewer than half of the ring, so that no lock has to be waited for.
    int lots = LoggerThread.CAPACITY / 4;
    for (int i = 0; i < lots; i++) {
      log(loggers, i, i);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    loggers.finish(RunStatus.SUCCESS);

    // Some objects may come from a lock that happened to be taken, but none for each call.
    assertThat(bytes / lots).as("bytes a call").isLessThan(24);
    assertThat(seen.get()).isEqualTo(2 * LoggerThread.CAPACITY + lots);
  }

  @Test
  void logMetrics_noLogger_startsNoThread() {
    LoggerThread loggers = new LoggerThread(List.of(), Profiler.NONE);
    log(loggers, 0, 0);
    loggers.finish(RunStatus.SUCCESS);

    assertThat(loggers.hasLoggers()).isFalse();
    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .collect(Collectors.toSet()))
        .doesNotContain("fulgur-loggers");
  }

  /** Waits in each call until it may go on. */
  private static class Slow extends Keeping {
    final CountDownLatch mayGoOn = new CountDownLatch(1);

    @Override
    void before(long step) {
      Uninterruptibles.awaitUninterruptibly(mayGoOn);
    }
  }

  @Test
  void afterSaveCheckpoint_noLoggerListens_doesNotWaitForWhatWasLogged() {
    Slow slow = new Slow();
    LoggerThread loggers = new LoggerThread(List.of(slow, new Keeping()), Profiler.NONE);
    log(loggers, 0, 0);

    loggers.afterSaveCheckpoint(ModelCheckpoint.builder().build());

    assertThat(slow.calls).isEmpty();
    slow.mayGoOn.countDown();
    loggers.finish(RunStatus.SUCCESS);
    assertThat(slow.calls).containsExactly("0={foo=0.0}", "SUCCESS");
  }

  @Test
  void afterSaveCheckpoint_oneLoggerListens_waitsUntilItWasTold() {
    class Listening extends Keeping {
      @Override
      public void afterSaveCheckpoint(CheckpointCallback callback) {
        calls.add("saved");
      }
    }
    // Inherited, as from a logger of a library.
    Keeping listening = new Listening() {};
    LoggerThread loggers = new LoggerThread(List.of(new Keeping(), listening), Profiler.NONE);
    log(loggers, 0, 0);

    loggers.afterSaveCheckpoint(ModelCheckpoint.builder().build());

    assertThat(listening.calls).containsExactly("0={foo=0.0}", "saved");
    loggers.finish(RunStatus.SUCCESS);
  }
}
