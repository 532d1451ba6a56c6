package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Generator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that outlive an epoch, what they do first, and how long one waits for them. */
@Timeout(60)
class PersistentWorkersTest {
  private final Set<Thread> seen = ConcurrentHashMap.newKeySet();
  private final Dataset watched =
      new TestDatasets.Counting(40)
          .map(
              sample -> {
                seen.add(Thread.currentThread());
                return sample;
              });

  private static void awaitEnd(Iterable<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void persistentWorkers_severalEpochs_sameThreadsUntilClosed() throws InterruptedException {
    DataLoader loader =
        DataLoader.builder(watched).workers(2).prefetch(4).persistentWorkers(true).build();
    for (int epoch = 0; epoch < 5; epoch++) {
      assertThat(TestDatasets.flat(TestDatasets.read(loader))).hasSize(40);
    }

    assertThat(seen).hasSizeLessThanOrEqualTo(2).isSubsetOf(TestDatasets.workers());
    List<Thread> threads = TestDatasets.workers();
    loader.close();
    awaitEnd(threads);
    assertThat(TestDatasets.flat(TestDatasets.read(loader))).hasSize(40);
    threads = TestDatasets.workers();
    loader.close();
    awaitEnd(threads);
    assertThat(TestDatasets.workers()).isEmpty();
  }

  @Test
  void persistentWorkers_secondEpochWhileTheFirstIsOpen_bothAreServed()
      throws InterruptedException {
    DataLoader loader =
        DataLoader.builder(watched).workers(1).prefetch(1).persistentWorkers(true).build();
    BatchIterator first = loader.iterator();
    first.next();

    assertThat(TestDatasets.flat(TestDatasets.read(loader))).hasSize(40);

    List<Long> rest = new ArrayList<>();
    first.forEachRemaining(batch -> rest.addAll(TestDatasets.indices(batch)));
    assertThat(rest).isEqualTo(LongStream.range(1, 40).boxed().toList());
    List<Thread> threads = TestDatasets.workers();
    loader.close();
    awaitEnd(threads);
  }

  @Test
  void persistentWorkers_loaderIsLeft_threadsEndWhenItIsCollected() throws InterruptedException {
    List<Thread> threads = abandon();

    for (Thread thread : threads) {
      while (thread.isAlive()) {
        System.gc();
        thread.join(/* millis= */ 20);
      }
    }
    assertThat(threads).isNotEmpty().noneMatch(Thread::isAlive);
  }

  private List<Thread> abandon() {
    TestDatasets.read(DataLoader.builder(watched).workers(2).persistentWorkers(true).build());
    return TestDatasets.workers();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void workerStart_eachThread_onceWithASeedOfItsOwn(boolean persistent)
      throws InterruptedException {
    List<WorkerContext> started = new ArrayList<>();
    DataLoader loader =
        DataLoader.builder(watched)
            .seed(5)
            .workers(1)
            .persistentWorkers(persistent)
            .workerStart(
                worker -> {
                  synchronized (started) {
                    started.add(worker);
                  }
                })
            .build();
    TestDatasets.read(loader);
    TestDatasets.read(loader);

    WorkerContext expected = new WorkerContext(0, EpochContext.workerSeed(5, 0));
    assertThat(started).isEqualTo(persistent ? List.of(expected) : List.of(expected, expected));
    assertThat(expected.seed()).isNotEqualTo(EpochContext.workerSeed(5, 1));
    List<Thread> threads = TestDatasets.workers();
    loader.close();
    awaitEnd(threads);
  }

  @Test
  void workerStart_fails_readerGetsTheWorkerAndTheReason() {
    DataLoader loader =
        DataLoader.builder(watched)
            .workers(1)
            .workerStart(
                worker -> {
                  throw new java.io.IOException("no connection");
                })
            .build();

    assertThatThrownBy(() -> TestDatasets.read(loader))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.WORKER_START_FAILED))
        .hasMessageContaining("worker 0")
        .hasMessageContaining("no connection");
    assertThat(TestDatasets.workers()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5})
  void defaultGenerator_inSamples_sameNumbersForAnyWorkersAndLoopsOwnUntouched(int workers) {
    Dataset drawing =
        new TestDatasets.Counting(12)
            .map(sample -> sample.with("x", Generator.defaultGenerator().nextLong()));
    DataLoader inline = DataLoader.builder(drawing).batchSize(3).seed(1).build();
    DataLoader loader = DataLoader.builder(drawing).batchSize(3).seed(1).workers(workers).build();
    Generator own = Generator.defaultGenerator();
    long seed = own.seed();
    long offset = own.offset();

    List<List<Long>> expected = TestDatasets.read(inline);
    assertThat(TestDatasets.read(loader)).isEqualTo(expected);
    assertThat(TestDatasets.flat(expected)).doesNotHaveDuplicates();
    assertThat(TestDatasets.read(loader)).isNotEqualTo(expected);
    loader.loadState(LoaderStates.of(1, 0, 2));
    assertThat(TestDatasets.read(loader)).isEqualTo(expected.subList(2, 4));
    assertThat(own.seed()).isEqualTo(seed);
    assertThat(own.offset()).isEqualTo(offset);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5})
  void defaultGenerator_inAStream_sameNumbersForAnyWorkersAndLoopsOwnUntouched(int workers) {
    IterableDataset drawing =
        new TestDatasets.CountingStream(12)
            .map(sample -> sample.with("x", Generator.defaultGenerator().nextLong()));
    DataLoaderBuilder options = DataLoader.builder(drawing).batchSize(3).seed(1);
    List<List<Long>> expected = TestDatasets.read(options.build());
    DataLoader loader = options.workers(workers).build();
    Generator own = Generator.defaultGenerator();
    long offset = own.offset();

    assertThat(TestDatasets.read(loader)).isEqualTo(expected);
    assertThat(TestDatasets.flat(expected)).doesNotHaveDuplicates();
    loader.loadState(LoaderStates.of(1, 0, 2));
    assertThat(TestDatasets.read(loader)).isEqualTo(expected.subList(2, 4));
    assertThat(own.offset()).isEqualTo(offset);
  }

  private static void hang(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void timeout_sampleHangs_errorShowsWhereAndDoesNotWaitForIt() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Dataset hanging =
        new TestDatasets.Counting(9)
            .map(
                sample -> {
                  if (sample.get("x").get(0) == 5) {
                    hang(gate);
                  }
                  return sample;
                });
    DataLoader loader =
        DataLoader.builder(hanging).batchSize(2).workers(2).timeout(Duration.ofMillis(50)).build();
    loader.loadState(LoaderStates.of(1, 3, 1));
    BatchIterator batches = loader.iterator();
    batches.next();

    assertThatThrownBy(batches::next)
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.LOADER_TIMEOUT))
        .hasMessageContaining("Batch 2 of epoch 3 was not there after timeout(PT0.05S)")
        .hasMessageContaining("fulgur-data-worker-")
        .hasMessageContaining("CountDownLatch.await");
    assertThat(batches.hasNext()).isFalse();
    List<Thread> threads = TestDatasets.workers();
    gate.countDown();
    awaitEnd(threads);
  }

  @Test
  void timeout_streamHangs_errorNamesTheWorkerThatReads() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    IterableDataset hanging =
        new TestDatasets.CountingStream(9)
            .map(
                sample -> {
                  hang(gate);
                  return sample;
                });
    BatchIterator batches =
        DataLoader.builder(hanging).workers(1).timeout(Duration.ofMillis(20)).build().iterator();

    assertThatThrownBy(batches::hasNext)
        .hasMessageContaining("Batch 0 of epoch 0")
        .hasMessageContaining("fulgur-data-worker-0 is at it");
    List<Thread> threads = TestDatasets.workers();
    gate.countDown();
    awaitEnd(threads);
  }

  @Test
  void timeout_batchesComeInTime_nothingHappens() {
    DataLoader loader =
        DataLoader.builder(watched).workers(2).timeout(Duration.ofMinutes(1)).build();

    assertThat(TestDatasets.flat(TestDatasets.read(loader))).hasSize(40);
  }
}
