package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CombinedLoaderTest {
  private static DataLoader loader(int size) {
    return DataLoader.builder(TestDatasets.counting(size)).build();
  }

  private static DataLoader both(CombinedMode mode, DataLoader a, DataLoader b) {
    return DataLoader.combine(mode).add("a", a).add("b", b).seed(3).build();
  }

  /** Returns what a batch holds, e.g. {@code a0 b2}. */
  private static String text(HostBatch batch) {
    return batch.parts().entrySet().stream()
        .map(
            part ->
                part.getKey()
                    + TestDatasets.indices(part.getValue()).stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining("+")))
        .collect(Collectors.joining(" "));
  }

  private static List<String> read(DataLoader loader) {
    List<String> texts = new ArrayList<>();
    for (HostBatch batch : loader) {
      texts.add(text(batch));
      batch.recycle();
    }
    return texts;
  }

  @ParameterizedTest
  @CsvSource({
    "MIN_SIZE, 'a0 b0,a1 b1'",
    "MAX_SIZE_CYCLE, 'a0 b0,a1 b1,a0 b2,a1 b3,a0 b4'",
    "MAX_SIZE, 'a0 b0,a1 b1,b2,b3,b4'",
    "SEQUENTIAL, 'a0,a1,b0,b1,b2,b3,b4'"
  })
  void iterator_twoAndFiveBatches_asLightning(CombinedMode mode, String expected) {
    List<String> batches = List.of(expected.split(","));
    DataLoader combined = both(mode, loader(2), loader(5));

    assertThat(combined.length()).hasValue(batches.size());
    assertThat(read(combined)).isEqualTo(batches);
    assertThat(read(combined)).isEqualTo(batches);
    assertThat(read(both(mode, loader(5), loader(5))))
        .hasSize(mode == CombinedMode.SEQUENTIAL ? 10 : 5);
  }

  @Test
  void iterator_cycle_newOrderAtEachStart() {
    DataLoader shuffled =
        DataLoader.builder(TestDatasets.counting(20)).batchSize(20).shuffle(true).seed(1).build();
    List<String> batches = read(both(CombinedMode.MAX_SIZE_CYCLE, shuffled, loader(3)));

    assertThat(batches).hasSize(3);
    assertThat(batches.stream().map(each -> each.substring(0, each.indexOf(' '))))
        .doesNotHaveDuplicates();
  }

  @Test
  void iterator_firstTimeThrough_isThatOfTheLoaderAlone() {
    DataLoader alone =
        DataLoader.builder(TestDatasets.counting(9)).batchSize(2).shuffle(true).seed(8).build();
    DataLoader same =
        DataLoader.builder(TestDatasets.counting(9)).batchSize(2).shuffle(true).seed(8).build();
    DataLoader combined = both(CombinedMode.SEQUENTIAL, same, loader(1));

    for (int epoch = 0; epoch < 2; epoch++) {
      List<List<Long>> parts = new ArrayList<>();
      for (HostBatch batch : combined) {
        if (batch.parts().containsKey("a")) {
          parts.add(TestDatasets.indices(batch.parts().get("a")));
        }
      }
      assertThat(parts).isEqualTo(TestDatasets.read(alone));
    }
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void load_stateOfAnyBatch_goesOnExactlyThere(
      @ForAll CombinedMode mode,
      @ForAll @IntRange(min = 1, max = 20) int first,
      @ForAll @IntRange(min = 1, max = 20) int second,
      @ForAll @IntRange(min = 1, max = 4) int batchSize,
      @ForAll @IntRange(min = 0, max = 2) int workers,
      @ForAll boolean streamed,
      @ForAll @IntRange(min = 0, max = 30) int stop) {
    DataLoader whole = combined(mode, first, second, batchSize, 0, streamed, 3);
    whole.epoch(2);
    List<String> expected = read(whole);
    DataLoader interrupted = combined(mode, first, second, batchSize, workers, streamed, 3);
    interrupted.epoch(2);
    int served = Math.min(stop, expected.size());
    try (BatchIterator batches = interrupted.iterator()) {
      for (int i = 0; i < served; i++) {
        assertThat(text(batches.next())).isEqualTo(expected.get(i));
      }
    }
    LoaderStates.assertAt(interrupted, 3, 2, served);

    DataLoader resumed = combined(mode, first, second, batchSize, workers, streamed, 99);
    resumed.loadState(interrupted.state());
    assertThat(read(resumed)).isEqualTo(expected.subList(served, expected.size()));
    LoaderStates.assertAt(resumed, 3, 3, 0);
  }

  private static DataLoader combined(
      CombinedMode mode,
      int first,
      int second,
      int batchSize,
      int workers,
      boolean streamed,
      long seed) {
    RandomTransform noise = (sample, random) -> sample.with("x", random.nextLong(1000));
    DataLoaderBuilder a =
        DataLoader.builder(new TestDatasets.Counting(first).augment(noise)).shuffle(true);
    DataLoaderBuilder b =
        streamed
            ? DataLoader.builder(new TestDatasets.CountingStream(second).augment(noise).shuffle(3))
            : DataLoader.builder(new TestDatasets.Counting(second).augment(noise)).shuffle(true);
    return DataLoader.combine(mode)
        .add("a", a.batchSize(batchSize).workers(workers).build())
        .add("b", b.batchSize(batchSize).build())
        .seed(seed)
        .build();
  }

  @Test
  void iterator_partFails_errorOfThatSampleAndWorkersStop() {
    DataLoader broken = DataLoader.builder(new TestDatasets.FailingAt(4, 1)).workers(1).build();
    BatchIterator batches = both(CombinedMode.MIN_SIZE, loader(4), broken).iterator();
    batches.next();

    assertThatThrownBy(batches::next)
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.DATASET_FAILED))
        .hasMessageContaining("Sample 1 of FailingAt");
    assertThat(TestDatasets.workers()).isEmpty();
  }

  @Test
  void toBatch_partsOfDifferentSizes_eachIsABatchOfItsOwn() {
    DataLoader two = DataLoader.builder(TestDatasets.counting(4)).batchSize(2).build();
    HostBatch host = both(CombinedMode.MIN_SIZE, two, loader(3)).iterator().next();
    Batch batch = host.toBatch();

    assertThat(batch.size()).isEqualTo(2);
    assertThat(batch.names()).containsExactly("a/x", "b/x");
    assertThat(batch.part("a").get("x").toLongArray()).containsExactly(0, 1);
    assertThat(batch.part("b").size()).isEqualTo(1);
    assertThat(batch.hasPart("b")).isTrue();
    assertThat(batch.hasPart("c")).isFalse();
    assertThatThrownBy(() -> batch.part("c"))
        .hasMessage("[UnknownName] Batch has no \"c\". It has: a, b. Did you mean \"a\"?");
    host.recycle();
    assertThatThrownBy(() -> host.parts().get("b").values())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void sequential_shuffledParts_allInOrder() {
    DataLoader shuffled = DataLoader.builder(TestDatasets.counting(5)).shuffle(true).build();
    DataLoader combined = both(CombinedMode.MIN_SIZE, shuffled, loader(5));

    assertThat(combined.isSequential()).isFalse();
    assertThat(read(combined.sequential()))
        .containsExactly("a0 b0", "a1 b1", "a2 b2", "a3 b3", "a4 b4");
    assertThat(combined.toString()).isEqualTo("DataLoader of a and b with 5 batches");
  }

  @Test
  void build_optionsOfTheParts_together() {
    DataLoader one =
        DataLoader.builder(TestDatasets.counting(4))
            .workers(2)
            .timeout(java.time.Duration.ofSeconds(9))
            .build();
    DataLoader other =
        DataLoader.builder(TestDatasets.counting(4))
            .workers(1)
            .prefetch(7)
            .timeout(java.time.Duration.ofSeconds(5))
            .build();
    LoaderThreads threads = both(CombinedMode.MIN_SIZE, one, other).threads();

    assertThat(threads.workers()).isEqualTo(3);
    assertThat(threads.prefetch()).isEqualTo(11);
    assertThat(threads.timeout()).hasSeconds(5);
    assertThat(threads.persistent()).isFalse();
  }

  @Test
  void add_wrongNames_error() {
    CombinedLoaderBuilder builder = DataLoader.combine(CombinedMode.MIN_SIZE).add("a", loader(1));

    assertThatThrownBy(() -> builder.add("a", loader(1))).hasMessageContaining("two parts named");
    assertThatThrownBy(() -> builder.add("a/b", loader(1))).hasMessageContaining("without a slash");
    assertThatThrownBy(() -> DataLoader.combine(CombinedMode.MIN_SIZE).build())
        .hasMessageContaining("has no parts");
  }
}
