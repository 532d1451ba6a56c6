package io.fulgur.callback.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.callback.MonitorMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointRankingTest {
  /** Ranks values one after the other; a file is named by the index of its value. */
  private static CheckpointRanking rank(
      MonitorMode mode, int capacity, List<Double> values, List<String> evicted) {
    CheckpointRanking ranking = CheckpointRanking.empty(mode, capacity);
    for (int i = 0; i < values.size(); i++) {
      if (ranking.accepts(values.get(i))) {
        Path expected = ranking.nextToGo();
        CheckpointRanking.Change change = ranking.with(Path.of("" + i), values.get(i));
        assertThat(change.evicted()).isEqualTo(expected);
        ranking = change.ranking();
        if (expected != null) {
          evicted.add(expected.toString());
        }
      }
    }
    return ranking;
  }

  private static List<String> names(CheckpointRanking ranking) {
    return ranking.entries().stream().map(entry -> entry.path().toString()).toList();
  }

  @ParameterizedTest
  @CsvSource({"-1, '4,2,3,1,0'", "0, ''", "1, '4'", "2, '4,2'", "3, '4,2,3'", "4, '4,2,3,1'"})
  void with_losses_keepsTheBest(int capacity, String kept) {
    CheckpointRanking ranking =
        rank(MonitorMode.MIN, capacity, List.of(10.0, 9.0, 2.8, 5.0, 2.5), new ArrayList<>());

    assertThat(String.join(",", names(ranking))).isEqualTo(kept);
  }

  @Test
  void with_accuracies_keepsTheGreatest() {
    List<String> evicted = new ArrayList<>();
    CheckpointRanking ranking = rank(MonitorMode.MAX, 2, List.of(0.1, 0.5, 0.3, 0.2, 0.9), evicted);

    assertThat(names(ranking)).containsExactly("4", "1");
    assertThat(evicted).containsExactly("0", "2");
  }

  @Test
  void accepts_equalToTheWorst_isFalse() {
    CheckpointRanking ranking = rank(MonitorMode.MIN, 1, List.of(1.0), new ArrayList<>());

    assertThat(ranking.accepts(1.0)).isFalse();
  }

  @Test
  void with_equalScores_earlierIsBest() {
    assertThat(names(rank(MonitorMode.MAX, -1, List.of(1.0, 1.0, 1.0), new ArrayList<>())))
        .containsExactly("0", "1", "2");
  }

  @ParameterizedTest
  @CsvSource({
    "MIN, 'NaN,8,7,5', 5, 4",
    "MAX, 'NaN,5,7,8', 8, 4",
    "MIN, 'NaN', Infinity, 1",
    "MAX, 'NaN', -Infinity, 1"
  })
  void with_nan_ranksWorst(MonitorMode mode, String values, double best, int saves) {
    List<Double> all = Arrays.stream(values.split(",")).map(Double::valueOf).toList();
    List<String> evicted = new ArrayList<>();
    CheckpointRanking ranking = rank(mode, 1, all, evicted);

    assertThat(ranking.entries().get(0).score()).isEqualTo(best);
    assertThat(evicted.size() + ranking.entries().size()).isEqualTo(saves);
  }

  @Test
  void with_samePath_replacesItsEntry() {
    CheckpointRanking ranking =
        CheckpointRanking.empty(MonitorMode.MIN, 2).with(Path.of("model"), 3).ranking();
    CheckpointRanking.Change change = ranking.with(Path.of("model"), 2);

    assertThat(change.evicted()).isNull();
    assertThat(change.ranking().entries())
        .containsExactly(new CheckpointRanking.Entry(Path.of("model"), 2));
  }

  @Property
  void with_anyValues_keepsAsManyAsSortingWould(
      @ForAll List<Double> values, @ForAll @IntRange(min = 1, max = 5) int capacity) {
    List<String> evicted = new ArrayList<>();
    CheckpointRanking ranking = rank(MonitorMode.MIN, capacity, values, evicted);

    List<Double> kept = ranking.entries().stream().map(CheckpointRanking.Entry::score).toList();
    List<Double> expected = values.stream().map(ranking::score).sorted().limit(capacity).toList();
    assertThat(kept).isEqualTo(expected);
    Set<String> never = new HashSet<>(names(ranking));
    never.retainAll(evicted);
    assertThat(never).isEmpty();
  }
}
