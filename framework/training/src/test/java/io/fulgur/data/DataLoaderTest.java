package io.fulgur.data;

import static io.fulgur.data.TestDatasets.counting;
import static io.fulgur.data.TestDatasets.flat;
import static io.fulgur.data.TestDatasets.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Generator;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataLoaderTest {
  private static final List<Long> HUNDRED = LongStream.range(0, 100).boxed().toList();

  private static DataLoader shuffled(long seed) {
    return DataLoader.builder(counting(100)).batchSize(10).shuffle(true).seed(seed).build();
  }

  @Test
  void iterator_noOptions_oneSampleABatchInOrder() {
    DataLoader loader = DataLoader.builder(counting(3)).build();

    assertThat(read(loader)).containsExactly(List.of(0L), List.of(1L), List.of(2L));
    assertThat(loader.length()).hasValue(3);
  }

  @Test
  void iterator_shuffled_anotherOrderEachEpochAndSeed() {
    DataLoader loader = shuffled(1);
    List<Long> first = flat(read(loader));
    List<Long> second = flat(read(loader));

    assertThat(first).isNotEqualTo(HUNDRED).isNotEqualTo(second);
    assertThat(flat(read(shuffled(2)))).isNotEqualTo(first);
    assertThat(flat(read(shuffled(1)))).isEqualTo(first);
  }

  @Test
  void epoch_givenTwice_sameOrderTwice() {
    DataLoader loader = shuffled(1);
    loader.epoch(5);
    List<Long> first = flat(read(loader));
    loader.epoch(5);

    assertThat(flat(read(loader))).isEqualTo(first);
  }

  @Test
  void epoch_notOverridden_eachIteratorTakesTheNext() {
    DataLoader loader = shuffled(1);
    loader.epoch(6);
    read(loader);

    LoaderStates.assertAt(loader, 1, 7, 0);
  }

  @Test
  void epoch_otherThanTheRestored_startsAtItsFirstBatch() {
    DataLoader loader = shuffled(1);
    loader.loadState(LoaderStates.of(1, 3, 4));
    loader.epoch(4);

    assertThat(read(loader)).hasSize(10);
  }

  @Test
  void state_whileAnIteratorIsOpen_countsServedBatches() {
    DataLoader loader = shuffled(1);
    LoaderStates.assertAt(loader, 1, 0, 0);
    try (BatchIterator batches = loader.iterator()) {
      batches.next();
      batches.next();
      assertThat(batches.hasNext()).isTrue();
      LoaderStates.assertAt(loader, 1, 0, 2);
    }
    LoaderStates.assertAt(loader, 1, 0, 2);

    loader.epoch(1);
    LoaderStates.assertAt(loader, 1, 1, 0);
  }

  @Test
  void iterator_afterOneThatWasLeft_startsTheNextEpoch() {
    DataLoader loader = shuffled(1);
    loader.iterator().next();

    List<Long> next = flat(read(loader));

    DataLoader other = shuffled(1);
    other.epoch(1);
    assertThat(next).isEqualTo(flat(read(other)));
  }

  @Test
  void iterator_noSeed_drawnFromTheDefaultGeneratorAtTheStart() {
    DataLoader first = DataLoader.builder(counting(100)).shuffle(true).build();
    DataLoader second = DataLoader.builder(counting(100)).shuffle(true).build();
    Generator generator = Generator.defaultGenerator();
    long seed = generator.seed();
    long offset = generator.offset();
    try {
      generator.seed(42);
      List<Long> order = flat(read(first));
      generator.seed(42);
      long drawn = second.seed();
      generator.seed(43);
      assertThat(flat(read(second))).isEqualTo(order);
      assertThat(second.state().longValue("seed")).isEqualTo(drawn).isEqualTo(first.seed());
    } finally {
      generator.restore(seed, offset);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void augment_anyWorkers_variesByEpochAndIndexOnly(int workers) {
    Dataset noisy =
        new TestDatasets.Counting(4)
            .augment((sample, random) -> sample.with("x", random.nextLong()));
    DataLoader loader = DataLoader.builder(noisy).seed(3).workers(workers).build();

    List<Long> first = flat(read(loader));
    List<Long> second = flat(read(loader));

    assertThat(first).doesNotHaveDuplicates().doesNotContainAnyElementsOf(second);
    EpochContext epoch = new EpochContext(3, 1);
    assertThat(second.get(2)).isEqualTo(epoch.random(2).nextLong());
  }

  @Test
  void sampler_ofTheUser_decidesTheOrder() {
    Sampler odd = new ListSampler(9, 7, 7);

    assertThat(flat(read(DataLoader.builder(counting(10)).batchSize(2).sampler(odd).build())))
        .containsExactly(9L, 7L, 7L);
  }

  @Test
  void batchSampler_ofTheUser_decidesTheBatches() {
    BatchSampler pairs =
        new BatchSampler() {
          @Override
          public OptionalLong length() {
            return OptionalLong.of(2);
          }

          @Override
          public Iterator<long[]> batches(EpochContext epoch) {
            return List.of(new long[] {1, 2}, new long[] {0}).iterator();
          }
        };

    assertThat(read(DataLoader.builder(counting(3)).batchSampler(pairs).build()))
        .containsExactly(List.of(1L, 2L), List.of(0L));
  }

  @Test
  void collate_ofTheUser_getsTheSamplesOfABatch() {
    DataLoader loader =
        DataLoader.builder(counting(4))
            .batchSize(2)
            .collate((samples, arrays) -> Collate.stack().collate(samples.subList(0, 1), arrays))
            .build();

    assertThat(read(loader)).containsExactly(List.of(0L), List.of(2L));
  }

  @Test
  void recycle_eachBatch_arraysAreReused() {
    List<Object> arrays = new ArrayList<>();
    for (HostBatch batch : DataLoader.builder(counting(12)).batchSize(4).build()) {
      arrays.add(batch.get("x").longs());
      batch.recycle();
    }

    assertThat(arrays).hasSize(3);
    assertThat(arrays.get(1)).isSameAs(arrays.get(0));
    assertThat(arrays.get(2)).isSameAs(arrays.get(0));
  }

  @Test
  void iterator_nothingRecycled_everyBatchKeepsItsValues() {
    List<HostBatch> batches = new ArrayList<>();
    DataLoader.builder(counting(12)).batchSize(4).workers(2).build().forEach(batches::add);

    assertThat(batches.stream().flatMap(batch -> TestDatasets.indices(batch).stream()))
        .containsExactlyElementsOf(HUNDRED.subList(0, 12));
  }

  @Test
  void sequential_shuffledLoader_ascendingAndOtherwiseEqual() {
    DataLoader loader = shuffled(1).sequential();

    assertThat(loader.isSequential()).isTrue();
    assertThat(shuffled(1).isSequential()).isFalse();
    assertThat(flat(read(loader))).isEqualTo(HUNDRED);
    assertThat(loader.length()).hasValue(10);
  }

  @Test
  void next_pastTheEnd_noSuchElement() {
    for (int workers : new int[] {0, 1}) {
      BatchIterator batches = DataLoader.builder(counting(1)).workers(workers).build().iterator();
      batches.next();

      assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void state_negative_invalidArgument() {
    assertThatThrownBy(() -> shuffled(1).epoch(-1))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.INVALID_ARGUMENT));
  }

  @Test
  void load_middleOfAnEpoch_onlyTheNextIteratorStartsThere() {
    DataLoader loader = shuffled(1);
    loader.loadState(LoaderStates.of(1, 3, 4));

    assertThat(read(loader)).hasSize(6);
    assertThat(read(loader)).hasSize(10);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void load_iterableDataset_passesOverServedSamples(int workers) {
    DataLoader loader =
        DataLoader.builder(new TestDatasets.CountingStream(7))
            .batchSize(2)
            .workers(workers)
            .build();
    loader.loadState(LoaderStates.of(1, 0, 2));

    assertThat(read(loader)).containsExactly(List.of(4L, 5L), List.of(6L));
    loader.loadState(LoaderStates.of(1, 0, 4));
    assertThat(read(loader)).isEmpty();
  }

  @Test
  void load_stateOfALongerEpoch_stateMismatch() {
    shuffled(1).loadState(LoaderStates.of(1, 0, 10));

    assertThatThrownBy(() -> shuffled(1).loadState(LoaderStates.of(1, 0, 11)))
        .hasMessageContaining(
            "DataLoader of ArrayDataset with 10 batches cannot go on after 11 batches");
  }

  @Test
  void toString_indexedAndIterable_namesTheDataset() {
    assertThat(shuffled(1)).hasToString("DataLoader of ArrayDataset with 10 batches");
    assertThat(DataLoader.builder(new TestDatasets.CountingStream(2)).build())
        .hasToString("DataLoader of CountingStream");
  }
}
