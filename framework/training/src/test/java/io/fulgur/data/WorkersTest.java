package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {
  @AfterEach
  void noWorkerStays() {
    assertThat(TestDatasets.workers()).isEmpty();
  }

  /** A data set whose samples wait until they are let go. */
  private static final class Gated implements Dataset {
    final AtomicInteger started = new AtomicInteger();
    final CountDownLatch gate = new CountDownLatch(1);

    @Override
    public long size() {
      return 100;
    }

    @Override
    public Sample get(long index) {
      started.incrementAndGet();
      await(gate);
      return Sample.of("x", index);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void next_laterBatchIsReadyFirst_servedInOrder() {
    CountDownLatch second = new CountDownLatch(1);
    Dataset firstWaitsForSecond =
        new TestDatasets.Counting(2)
            .map(
                sample -> {
                  if (sample.get("x").get(0) == 0) {
                    await(second);
                  } else {
                    second.countDown();
                  }
                  return sample;
                });

    DataLoader loader = DataLoader.builder(firstWaitsForSecond).workers(2).build();

    assertThat(TestDatasets.read(loader)).containsExactly(List.of(0L), List.of(1L));
  }

  @Test
  void iterator_nothingServed_atMostPrefetchAreTaken() {
    // The plan is asked in the same thread that would take one too many, so none can be late.
    AtomicInteger taken = new AtomicInteger();
    CountDownLatch full = new CountDownLatch(4);
    IterableDataset counted =
        epoch ->
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public Sample next() {
                full.countDown();
                return Sample.of("x", (long) taken.getAndIncrement());
              }
            };
    DataLoader loader = DataLoader.builder(counted).workers(2).prefetch(4).build();
    try (BatchIterator batches = loader.iterator()) {
      await(full);
      assertThat(TestDatasets.indices(batches.next())).containsExactly(0L);
    }

    // One place was freed by next(), and the workers have ended, so the number is final.
    assertThat(taken.get()).isBetween(4, 5);
  }

  @Test
  void close_workersInTheMiddleOfASample_waitsForThem() {
    Gated gated = new Gated();
    BatchIterator batches = DataLoader.builder(gated).workers(2).build().iterator();
    List<Thread> workers = TestDatasets.workers();
    assertThat(workers).hasSize(2).allMatch(Thread::isDaemon);
    gated.gate.countDown();

    batches.close();

    assertThat(workers).noneMatch(Thread::isAlive);
    batches.close();
  }

  @Test
  void next_consumerIsInterrupted_errorAndFlagStays() {
    CountDownLatch gate = new CountDownLatch(1);
    WorkerPool pool =
        new WorkerPool(
            new EpochPlan(new EpochContext(0, 0), 0, 0) {
              @Override
              Supplier<HostBatch> read() {
                return () -> {
                  await(gate);
                  throw new IllegalStateException("nobody asks for this batch");
                };
              }
            },
            new LoaderThreads(
                /* workers= */ 1,
                /* prefetch= */ 1,
                /* persistent= */ false,
                /* timeout= */ null,
                /* start= */ null,
                System::nanoTime),
            /* observer= */ null);
    pool.start(new WorkerThreads(/* kept= */ 0));
    assertThat(pool.hasNext()).isTrue();

    Thread.currentThread().interrupt();
    assertThatThrownBy(pool::next)
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.INTERRUPTED));
    gate.countDown();
    pool.close();

    assertThat(Thread.interrupted()).isTrue();
  }

  /** One that is gone makes no batch, and nobody would ever serve those after it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void next_workerIsBroken_throwsWhatBrokeIt(boolean persistent) throws InterruptedException {
    DataLoader loader =
        DataLoader.builder(TestDatasets.counting(8))
            .workers(2)
            .persistentWorkers(persistent)
            .clock(
                () -> {
                  if (Thread.currentThread() instanceof WorkerThread) {
                    throw new IllegalStateException("no clock here");
                  }
                  return 0;
                })
            .build();
    BatchIterator batches = loader.iterator();

    assertThatThrownBy(batches::next).hasMessage("no clock here");
    assertThat(batches.hasNext()).isFalse();
    List<Thread> waiting = TestDatasets.workers();
    loader.close();
    for (Thread worker : waiting) {
      worker.join();
    }
  }

  @Test
  void next_errorInAWorker_isThrownAsItIs() {
    Dataset broken =
        new TestDatasets.Counting(3)
            .map(
                sample -> {
                  throw new StackOverflowError("deep");
                });

    BatchIterator batches = DataLoader.builder(broken).workers(2).build().iterator();

    assertThatThrownBy(batches::next).isInstanceOf(StackOverflowError.class).hasMessage("deep");
  }

  @Test
  void next_iterableFails_earlierBatchesThenThePosition() {
    IterableDataset broken =
        epoch ->
            new Iterator<>() {
              private long next;

              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public Sample next() {
                if (next == 5) {
                  throw new IllegalStateException("connection lost");
                }
                return Sample.of("x", next++);
              }
            };
    for (int workers = 0; workers <= 2; workers++) {
      BatchIterator batches =
          DataLoader.builder(broken).batchSize(2).workers(workers).build().iterator();
      batches.next();
      batches.next();

      assertThatThrownBy(batches::next)
          .isInstanceOfSatisfying(
              FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.DATASET_FAILED))
          .hasMessageContaining("Sample 5 of ")
          .hasMessageContaining("connection lost");
    }
  }

  @Test
  void next_samplerFailed_isNotAskedAgain() {
    AtomicInteger asked = new AtomicInteger();
    EpochPlan plan =
        new EpochPlan(new EpochContext(0, 0), 0, 0) {
          @Override
          Supplier<HostBatch> read() {
            asked.incrementAndGet();
            throw new IllegalStateException("no more");
          }
        };

    assertThatThrownBy(plan.next()::get).hasMessage("no more");
    assertThat(plan.next()).isNull();
    assertThat(asked).hasValue(1);
  }

  @Test
  void iterator_leftWithoutClosing_workersStopWhenItIsCollected() throws InterruptedException {
    List<Thread> workers = abandon();

    for (Thread worker : workers) {
      while (worker.isAlive()) {
        System.gc();
        worker.join(/* millis= */ 20);
      }
    }

    assertThat(workers).hasSize(1).noneMatch(Thread::isAlive);
  }

  private static List<Thread> abandon() {
    BatchIterator batches =
        DataLoader.builder(TestDatasets.counting(50)).workers(1).build().iterator();
    batches.next();
    return TestDatasets.workers();
  }
}
