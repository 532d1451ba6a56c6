package io.fulgur.data;

import static io.fulgur.data.TestDatasets.counting;
import static io.fulgur.data.TestDatasets.flat;
import static io.fulgur.data.TestDatasets.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DatasetTest {
  private static List<Long> indices(Dataset dataset) {
    List<Long> found = new ArrayList<>();
    for (long i = 0; i < dataset.size(); i++) {
      found.add((long) dataset.get(i).get("x").get(0));
    }
    return found;
  }

  @Test
  void map_eachSample_changed() {
    Dataset doubled = counting(3).map(s -> s.with("x", 2 * (long) s.get("x").get(0)));

    assertThat(indices(doubled)).containsExactly(0L, 2L, 4L);
  }

  @Test
  void augment_withoutALoader_indexIsTheSeed() {
    Dataset noisy = counting(3).augment((s, random) -> s.with("x", random.nextLong(1000)));

    assertThat(indices(noisy)).isEqualTo(indices(noisy)).doesNotHaveDuplicates();
  }

  @Test
  void subset_repeatedIndices_inTheGivenOrder() {
    long[] chosen = {4, 1, 1};
    Dataset subset = counting(5).subset(chosen);
    chosen[0] = 0;

    assertThat(indices(subset)).containsExactly(4L, 1L, 1L);
    assertThat(subset.subset(2, 0).get(1).get("x").get(0)).isEqualTo(4);
  }

  @Test
  void subset_ofArrays_batchesAreCopiedInBulk() {
    Dataset subset = counting(9).subset(8, 6, 4, 2).subset(3, 0);

    assertThat(subset).isInstanceOf(BulkDataset.class);
    assertThat(flat(read(DataLoader.builder(subset).batchSize(2).build()))).containsExactly(2L, 8L);
  }

  @Test
  void concat_two_firstThenSecond() {
    Dataset both = counting(2).concat(new TestDatasets.Counting(3));

    assertThat(both.size()).isEqualTo(5);
    assertThat(indices(both)).containsExactly(0L, 1L, 0L, 1L, 2L);
    assertThat(flat(read(DataLoader.builder(both).batchSize(4).build())))
        .containsExactly(0L, 1L, 0L, 1L, 2L);
  }

  @Test
  void randomSplit_fractions_roundedDownAndTheRestToTheFirst() {
    List<Dataset> parts = counting(1797).randomSplit(1, 0.8, 0.1, 0.1);

    assertThat(parts).extracting(Dataset::size).containsExactly(1438L, 180L, 179L);
  }

  @Test
  void randomSplit_inexactFraction_notRoundedDownByIt() {
    assertThat(counting(100).randomSplit(1, 0.71, 0.29))
        .extracting(Dataset::size)
        .containsExactly(71L, 29L);
  }

  @Test
  void randomSplit_sameAndOtherSeed_sameAndOtherParts() {
    List<Long> first = indices(counting(50).randomSplit(1, 40, 10).get(0));

    assertThat(indices(counting(50).randomSplit(1, 40, 10).get(0))).isEqualTo(first);
    assertThat(indices(counting(50).randomSplit(2, 40, 10).get(0))).isNotEqualTo(first);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void randomSplit_anySizes_eachSampleInExactlyOnePart(
      @ForAll @IntRange(min = 1, max = 30) int a,
      @ForAll @IntRange(min = 1, max = 30) int b,
      @ForAll long seed) {
    List<Dataset> parts = counting(a + b).randomSplit(seed, a, b);

    List<Long> all = new ArrayList<>(indices(parts.get(0)));
    assertThat(all).hasSize(a);
    all.addAll(indices(parts.get(1)));
    assertThat(all)
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, a + b).boxed().toList());
  }

  @Test
  void build_emptyDerivedDataset_namedAsTheUserWroteIt() {
    Dataset none = counting(2).concat(new TestDatasets.Counting(3)).subset().map(sample -> sample);

    assertThatThrownBy(() -> DataLoader.builder(none).build())
        .hasMessageContaining("ArrayDataset.concat(Counting).subset(...).map(...) has no samples");
  }

  @Test
  void map_ofAStream_eachSampleInTurn() {
    IterableDataset doubled =
        new TestDatasets.CountingStream(3).map(s -> s.with("x", 2 * (long) s.get("x").get(0)));
    IterableDataset noisy =
        new TestDatasets.CountingStream(3).augment((s, random) -> s.with("x", random.nextLong()));

    assertThat(flat(read(DataLoader.builder(doubled).build()))).containsExactly(0L, 2L, 4L);
    DataLoaderBuilder loader = DataLoader.builder(noisy).seed(3);
    assertThat(flat(read(loader.build())))
        .isEqualTo(flat(read(loader.workers(2).build())))
        .first()
        .isEqualTo(new EpochContext(3, 0).random(0).nextLong());
  }
}
