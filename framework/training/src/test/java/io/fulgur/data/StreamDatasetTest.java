package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamDatasetTest {
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();

  private Stream<Sample> numbers() {
    opened.incrementAndGet();
    return LongStream.range(0, 10)
        .mapToObj(index -> Sample.of("x", index))
        .onClose(closed::incrementAndGet);
  }

  private DataLoader loader(int workers) {
    return DataLoader.builder(
            IterableDataset.ofStream(this::numbers).map(sample -> sample).shuffle(4))
        .batchSize(4)
        .seed(1)
        .workers(workers)
        .build();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void ofStream_twoEpochs_openedAndClosedTwice(int workers) {
    DataLoader loader = loader(workers);
    List<Long> first = TestDatasets.flat(TestDatasets.read(loader));
    List<Long> second = TestDatasets.flat(TestDatasets.read(loader));

    assertThat(first)
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 10).boxed().toList())
        .isNotEqualTo(second)
        .isEqualTo(TestDatasets.flat(TestDatasets.read(loader(0))));
    assertThat(opened).hasValue(3);
    assertThat(closed).hasValue(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void close_inTheMiddle_closesTheStream(int workers) {
    try (BatchIterator batches = loader(workers).iterator()) {
      batches.next();
    }

    assertThat(closed).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void load_middleOfAShuffledStream_goesOnExactlyThere(int workers) {
    List<List<Long>> expected = TestDatasets.read(loader(0));
    DataLoader resumed = loader(workers);
    resumed.loadState(LoaderStates.of(1, 0, 1));

    assertThat(TestDatasets.read(resumed)).isEqualTo(expected.subList(1, 3));
  }

  @Test
  void ofStream_sourceFails_errorSaysWhy() {
    DataLoader loader =
        DataLoader.builder(
                IterableDataset.ofStream(
                    () -> {
                      throw new IOException("no such topic");
                    }))
            .build();

    assertThatThrownBy(() -> TestDatasets.read(loader)).hasMessageContaining("no such topic");
  }

  @Test
  void shuffle_closingFails_epochEndsAllTheSame() {
    IterableDataset unclosable =
        IterableDataset.ofStream(
            () ->
                numbers()
                    .onClose(
                        () -> {
                          throw new IllegalStateException("still locked");
                        }));

    assertThat(TestDatasets.flat(TestDatasets.read(DataLoader.builder(unclosable).build())))
        .hasSize(10);
  }
}
