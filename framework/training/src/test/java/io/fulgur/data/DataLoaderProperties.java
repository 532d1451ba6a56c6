package io.fulgur.data;

import static io.fulgur.data.TestDatasets.counting;
import static io.fulgur.data.TestDatasets.flat;
import static io.fulgur.data.TestDatasets.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds for every size, batch size and number of workers. */
class DataLoaderProperties {
  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void iterator_anyOptions_everyIndexExactlyOnceInFullBatches(
      @ForAll @IntRange(min = 1, max = 60) int size,
      @ForAll @IntRange(min = 1, max = 70) int batchSize,
      @ForAll @IntRange(min = 0, max = 3) int workers,
      @ForAll boolean shuffle,
      @ForAll boolean bulk,
      @ForAll long seed) {
    Dataset dataset = bulk ? counting(size) : new TestDatasets.Counting(size);
    DataLoader loader =
        DataLoader.builder(dataset)
            .batchSize(batchSize)
            .shuffle(shuffle)
            .seed(seed)
            .workers(workers)
            .build();

    List<List<Long>> batches = read(loader);

    assertThat(flat(batches))
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, size).boxed().toList());
    assertThat(batches).hasSize((int) loader.length().orElseThrow());
    assertThat(batches.subList(0, batches.size() - 1)).allMatch(batch -> batch.size() == batchSize);
    assertThat(TestDatasets.workers()).isEmpty();
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void iterator_dropLast_onlyFullBatches(
      @ForAll @IntRange(min = 1, max = 60) int size,
      @ForAll @IntRange(min = 1, max = 60) int batchSize,
      @ForAll @IntRange(min = 0, max = 2) int workers) {
    if (size < batchSize) {
      return;
    }
    DataLoader loader =
        DataLoader.builder(counting(size))
            .batchSize(batchSize)
            .dropLast(true)
            .workers(workers)
            .build();

    List<List<Long>> batches = read(loader);

    assertThat(batches).hasSize(size / batchSize).allMatch(batch -> batch.size() == batchSize);
    assertThat(loader.length()).hasValue(size / batchSize);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void iterator_sameSeed_sameBatchesWhateverTheWorkers(
      @ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll @IntRange(min = 1, max = 9) int batchSize,
      @ForAll @IntRange(min = 1, max = 4) int workers,
      @ForAll @IntRange(min = 1, max = 9) int prefetch,
      @ForAll long seed) {
    Dataset noisy =
        new TestDatasets.Counting(size)
            .augment((sample, random) -> sample.with("x", random.nextLong()));
    DataLoaderBuilder options =
        DataLoader.builder(noisy).batchSize(batchSize).shuffle(true).seed(seed);
    DataLoader inline = options.build();
    DataLoader threaded = options.workers(workers).prefetch(prefetch).build();

    assertThat(read(threaded)).isEqualTo(read(inline));
    assertThat(read(threaded)).isEqualTo(read(inline));
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void load_stateOfAnyBatch_goesOnExactlyThere(
      @ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll @IntRange(min = 1, max = 9) int batchSize,
      @ForAll @IntRange(min = 0, max = 2) int workers,
      @ForAll @IntRange(min = 0, max = 50) int stop) {
    DataLoaderBuilder options =
        DataLoader.builder(counting(size)).batchSize(batchSize).shuffle(true).seed(7);
    DataLoader whole = options.build();
    whole.epoch(2);
    List<List<Long>> expected = read(whole);
    int served = Math.min(stop, expected.size());
    DataLoader interrupted = options.workers(workers).build();
    interrupted.epoch(2);
    try (BatchIterator batches = interrupted.iterator()) {
      for (int i = 0; i < served; i++) {
        batches.next();
      }
    }

    DataLoader resumed = options.seed(99).build();
    resumed.loadState(interrupted.state());

    LoaderStates.assertAt(interrupted, 7, 2, served);
    resumed.epoch(2);
    assertThat(read(resumed)).isEqualTo(expected.subList(served, expected.size()));
    LoaderStates.assertAt(resumed, 7, 3, 0);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void iterator_iterableDataset_everySampleInItsOrder(
      @ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll @IntRange(min = 1, max = 9) int batchSize,
      @ForAll @IntRange(min = 0, max = 3) int workers) {
    DataLoader loader =
        DataLoader.builder(new TestDatasets.CountingStream(size))
            .batchSize(batchSize)
            .workers(workers)
            .build();

    assertThat(flat(read(loader))).isEqualTo(LongStream.range(0, size).boxed().toList());
    assertThat(loader.length()).isEmpty();
  }

  @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
  void close_afterAnyBatch_noWorkerStays(
      @ForAll @IntRange(min = 1, max = 4) int workers,
      @ForAll @IntRange(min = 1, max = 9) int prefetch,
      @ForAll @IntRange(min = 0, max = 20) int served) {
    DataLoader loader =
        DataLoader.builder(counting(20)).workers(workers).prefetch(prefetch).build();
    BatchIterator batches = loader.iterator();
    for (int i = 0; i < served; i++) {
      batches.next();
    }

    batches.close();

    assertThat(TestDatasets.workers()).isEmpty();
    assertThat(batches.hasNext()).isFalse();
  }

  @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
  void iterator_oneSampleFails_earlierBatchesThenItsIndex(
      @ForAll @IntRange(min = 0, max = 3) int workers,
      @ForAll @IntRange(min = 0, max = 19) int bad) {
    DataLoader loader =
        DataLoader.builder(new TestDatasets.FailingAt(20, bad))
            .batchSize(3)
            .workers(workers)
            .build();
    BatchIterator batches = loader.iterator();
    for (int i = 0; i < bad / 3; i++) {
      assertThat(TestDatasets.indices(batches.next())).contains(i * 3L);
    }

    assertThat(batches.hasNext()).isTrue();
    assertThatThrownBy(batches::next)
        .hasMessage(
            "[DatasetFailed] Sample %d of FailingAt failed in epoch 0. Mend it, or leave it out with subset(...).\n   java.lang.IllegalStateException: no image"
                .formatted(bad))
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThat(batches.hasNext()).isFalse();
    assertThat(TestDatasets.workers()).isEmpty();
  }
}
