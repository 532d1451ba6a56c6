package io.fulgur.crossvalidation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.ReferenceFiles;
import io.fulgur.data.ArrayDataset;
import io.fulgur.data.Dataset;
import io.fulgur.data.HostArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KFoldTest {
  private static final JsonNode REFERENCE = ReferenceFiles.json(KFoldTest.class, "folds.json");

  static List<JsonNode> plain() {
    return cases("plain");
  }

  static List<JsonNode> stratified() {
    return cases("stratified");
  }

  static List<JsonNode> grouped() {
    return cases("grouped");
  }

  private static List<JsonNode> cases(String name) {
    return StreamSupport.stream(REFERENCE.get(name).spliterator(), false).toList();
  }

  private static Dataset samples(int count) {
    return keyed(LongStream.range(0, count).toArray());
  }

  private static Dataset keyed(long... keys) {
    return ArrayDataset.of("key", HostArray.of(keys));
  }

  private static void assertHeldOut(List<Fold> folds, JsonNode expected) {
    assertThat(folds).hasSize(expected.size());
    for (int i = 0; i < folds.size(); i++) {
      assertThat(folds.get(i).heldOutIndices())
          .as("fold %d", i)
          .isEqualTo(ReferenceFiles.longs(expected.get(i)));
    }
  }

  @ParameterizedTest
  @MethodSource("plain")
  void split_plain_holdsOutWhatScikitLearnDoes(JsonNode each) {
    KFold folds = KFold.of(each.get("k").asInt());

    assertHeldOut(folds.split(samples(each.get("size").asInt())), each.get("heldOut"));
  }

  @ParameterizedTest
  @MethodSource("stratified")
  void split_stratified_holdsOutWhatScikitLearnDoes(JsonNode each) {
    Dataset dataset = keyed(ReferenceFiles.longs(each.get("labels")));
    KFold folds = KFold.of(each.get("k").asInt()).stratifiedBy("key");

    assertHeldOut(folds.split(dataset), each.get("heldOut"));
  }

  @ParameterizedTest
  @MethodSource("grouped")
  void split_grouped_holdsOutWhatScikitLearnDoes(JsonNode each) {
    Dataset dataset = keyed(ReferenceFiles.longs(each.get("groups")));
    KFold folds = KFold.of(each.get("k").asInt()).groupedBy("key");

    assertHeldOut(folds.split(dataset), each.get("heldOut"));
  }

  @Test
  void split_stratifiedAndShuffled_hasAsManyOfEachClassAsScikitLearn() {
    JsonNode each = REFERENCE.get("shuffled");
    long[] labels = ReferenceFiles.longs(each.get("labels"));
    KFold folds = KFold.of(each.get("k").asInt()).stratifiedBy("key").shuffled(5);
    List<Fold> split = folds.split(keyed(labels));

    for (int fold = 0; fold < split.size(); fold++) {
      long[] counts = new long[3];
      for (long index : split.get(fold).heldOutIndices()) {
        counts[(int) labels[(int) index]]++;
      }
      assertThat(counts).isEqualTo(ReferenceFiles.longs(each.get("classCounts").get(fold)));
    }
    assertThat(indices(split)).isNotEqualTo(indices(folds.shuffled(6).split(keyed(labels))));
    assertThat(indices(split)).isEqualTo(indices(folds.split(keyed(labels))));
  }

  private static List<List<Long>> indices(List<Fold> folds) {
    return folds.stream().map(f -> Arrays.stream(f.heldOutIndices()).boxed().toList()).toList();
  }

  @Test
  void split_groupedAndShuffled_keepsGroupsTogetherAndSizesEven() {
    long[] groups = LongStream.range(0, 60).map(i -> i / 5).toArray();
    List<Fold> folds = KFold.of(4).groupedBy("key").shuffled(1).split(keyed(groups));

    for (Fold fold : folds) {
      assertThat(fold.heldOutIndices()).hasSize(15);
      assertThat(Arrays.stream(fold.heldOutIndices()).map(i -> groups[(int) i]).distinct())
          .hasSize(3);
    }
    assertThat(indices(folds))
        .isNotEqualTo(indices(KFold.of(4).groupedBy("key").split(keyed(groups))));
  }

  @Property(tries = 100)
  void split_anyRule_holdsOutEverySampleOnceAndTrainsOnTheRest(
      @ForAll @IntRange(min = 2, max = 6) int k,
      @ForAll @IntRange(min = 36, max = 60) int size,
      @ForAll @LongRange(min = 1, max = 1000) long seed,
      @ForAll @IntRange(min = 0, max = 2) int rule) {
    Dataset dataset = keyed(LongStream.range(0, size).map(i -> i * seed % 6).toArray());
    KFold plain = KFold.of(k).shuffled(seed);
    boolean enoughGroups = seed % 2 != 0 && seed % 3 != 0;
    KFold folds =
        rule == 0
            ? plain
            : rule == 1 || !enoughGroups ? plain.stratifiedBy("key") : plain.groupedBy("key");
    List<Long> seen = new ArrayList<>();
    for (Fold fold : folds.split(dataset)) {
      assertThat(fold.heldOutIndices()).isSorted();
      assertThat(fold.trainIndices())
          .isSorted()
          .hasSize(size - fold.heldOutIndices().length)
          .doesNotContain(fold.heldOutIndices());
      Arrays.stream(fold.heldOutIndices()).forEach(seen::add);
    }

    assertThat(seen).hasSize(size).doesNotHaveDuplicates();
  }

  @Test
  void fold_datasets_areTheSamplesOfItsIndices() {
    Fold fold = KFold.of(2).split(keyed(7, 8, 9)).get(1);

    assertThat(fold.heldOut().size()).isEqualTo(1);
    assertThat(fold.heldOut().get(0).get("key").longs()).containsExactly(9);
    assertThat(fold.train().size()).isEqualTo(2);
    assertThat(fold.train().get(1).get("key").longs()).containsExactly(8);
    assertThat(fold).hasToString("Fold 1: 2 samples to train on, 1 held out");
    assertThat(KFold.of(3).stratifiedBy("y").shuffled(1))
        .hasToString("3 folds stratified by \"y\", shuffled by seed 1");
  }
}
