package io.fulgur.callback;

import io.fulgur.checkpoint.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A ranking of checkpoints as it stands in a checkpoint. */
final class CheckpointState {
  private static final String PATHS = "paths";
  private static final String SCORES = "scores";

  private CheckpointState() {}

  static State of(CheckpointRanking ranking) {
    return State.builder()
        .put(PATHS, ranking.entries().stream().map(entry -> entry.path().toString()).toList())
        .put(
            SCORES,
            ranking.entries().stream().mapToDouble(CheckpointRanking.Entry::score).toArray())
        .build();
  }

  /** Returns what was saved, as far as there is room in the ranking of today. */
  static CheckpointRanking restore(State state, CheckpointRanking empty) {
    List<String> paths = state.strings(PATHS);
    double[] scores = state.doubles(SCORES);
    List<CheckpointRanking.Entry> entries = new ArrayList<>();
    for (int i = 0; i < Math.min(paths.size(), scores.length); i++) {
      if (empty.capacity() < 0 || entries.size() < empty.capacity()) {
        entries.add(new CheckpointRanking.Entry(Path.of(paths.get(i)), scores[i]));
      }
    }
    return new CheckpointRanking(empty.mode(), empty.capacity(), entries);
  }

  static Map<Path, Double> byPath(CheckpointRanking ranking) {
    Map<Path, Double> scores = new LinkedHashMap<>();
    ranking.entries().forEach(entry -> scores.put(entry.path(), entry.score()));
    return Collections.unmodifiableMap(scores);
  }
}
