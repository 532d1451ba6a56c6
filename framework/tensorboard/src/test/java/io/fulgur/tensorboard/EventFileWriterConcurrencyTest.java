package io.fulgur.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventFileWriterConcurrencyTest {
  @TempDir Path folder;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  void add_fromSeveralThreadsThroughASmallQueue_keepsAllAndTheOrderOfEach() {
    int callers = 4;
    long each = 2000;
    EventFileWriter writer = EventFileWriter.builder(folder).queueCapacity(16).open();

    List<CompletableFuture<?>> running = new ArrayList<>();
    for (long caller = 0; caller < callers; caller++) {
      long first = caller * each;
      running.add(
          CompletableFuture.runAsync(
              () -> {
                for (long step = first; step < first + each; step++) {
                  writer.add(TestEvents.ofStep(step));
                }
              },
              threads));
    }
    running.forEach(CompletableFuture::join);
    writer.close();

    List<Long> steps = TestEvents.steps(writer.file());
    assertThat(steps).hasSize((int) (callers * each));
    for (long caller = 0; caller < callers; caller++) {
      long number = caller;
      assertThat(steps.stream().filter(step -> step / each == number))
          .isSorted()
          .doesNotHaveDuplicates()
          .hasSize((int) each);
    }
  }

  @RepeatedTest(20)
  void close_whileOthersAdd_everyAcceptedEventIsInTheFile() throws InterruptedException {
    EventFileWriter writer = EventFileWriter.builder(folder).queueCapacity(64).open();
    AtomicLong accepted = new AtomicLong();
    CountDownLatch started = new CountDownLatch(2);
    Runnable adding =
        () -> {
          while (true) {
            try {
              writer.add(TestEvents.ofStep(1));
            } catch (IllegalStateException closed) {
              return;
            }
            accepted.incrementAndGet();
            started.countDown();
          }
        };

    var first = CompletableFuture.runAsync(adding, threads);
    var second = CompletableFuture.runAsync(adding, threads);
    started.await();
    writer.close();
    first.join();
    second.join();

    assertThat(TestEvents.read(writer.file())).hasSize((int) accepted.get());
  }

  @RepeatedTest(20)
  void flush_whileAnotherCloses_eitherWritesOrSaysClosed() {
    EventFileWriter writer = EventFileWriter.open(folder);
    writer.add(TestEvents.ofStep(1));

    var closing = CompletableFuture.runAsync(writer::close, threads);
    try {
      writer.flush();
    } catch (IllegalStateException closed) {
      // The other thread was first.
    }
    closing.join();

    assertThat(TestEvents.steps(writer.file())).containsExactly(1L);
  }

  @Test
  void add_queueFull_waitsUntilTheThreadHasWritten() {
    CountDownLatch diskIsBack = new CountDownLatch(1);
    EventFileWriter writer =
        EventFileWriter.builder(folder).queueCapacity(4).opener(stuckDisk(diskIsBack)).open();
    CompletableFuture<Thread> caller = new CompletableFuture<>();

    var adding =
        CompletableFuture.runAsync(
            () -> {
              caller.complete(Thread.currentThread());
              for (long step = 0; step < 100; step++) {
                writer.add(TestEvents.ofStep(step));
              }
            },
            threads);
    awaitWaiting(caller.join(), adding);

    diskIsBack.countDown();
    adding.join();
    writer.close();

    assertThat(TestEvents.steps(writer.file())).hasSize(100).isSorted();
  }

  @Test
  void add_waitingWhenTheDiskFails_throwsInsteadOfWaitingForEver() {
    CountDownLatch diskIsBack = new CountDownLatch(1);
    FailingDisk full = new FailingDisk(40);
    EventFiles.Opener opener = file -> new StuckStream(full.open(file), diskIsBack);
    EventFileWriter writer = EventFileWriter.builder(folder).queueCapacity(4).opener(opener).open();
    CompletableFuture<Thread> caller = new CompletableFuture<>();

    var adding =
        CompletableFuture.runAsync(
            () -> {
              caller.complete(Thread.currentThread());
              for (long step = 0; step < 100; step++) {
                writer.add(TestEvents.ofStep(step));
              }
            },
            threads);
    awaitWaiting(caller.join(), adding);
    diskIsBack.countDown();

    assertThatThrownBy(adding::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(EventFileException.class);
    assertThatThrownBy(writer::close).isInstanceOf(EventFileException.class);
  }

  private static EventFiles.Opener stuckDisk(CountDownLatch diskIsBack) {
    return file -> new StuckStream(EventFiles.openNew(file), diskIsBack);
  }

  /** Returns when the thread waits, and fails if its work is done without. */
  private static void awaitWaiting(Thread thread, CompletableFuture<?> work) {
    while (thread.getState() != Thread.State.WAITING) {
      assertThat(work).isNotDone();
      Thread.onSpinWait();
    }
  }
}
