package io.fulgur.callback.checkpoint;

import io.fulgur.checkpoint.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ModelCheckpoint} has saved so far. Immutable.
 *
 * @param ranking what is kept by its value
 * @param bestPath the best so far, or the newest if nothing is monitored
 * @param bestScore its value; null if nothing is monitored
 * @param currentScore the monitored value of the last occasion to save; null if there was none
 * @param lastPath the file that is always the newest
 * @param savedStep the step at which one was saved under its own name; -1 for never
 * @param lastSavedStep the step at which the newest was saved; -1 for never
 */
record SavedCheckpoints(
    CheckpointRanking ranking,
    @Nullable Path bestPath,
    @Nullable Double bestScore,
    @Nullable Double currentScore,
    @Nullable Path lastPath,
    long savedStep,
    long lastSavedStep) {
  private static final String NOTHING = "";
  private static final String PATHS = "paths";
  private static final String SCORES = "scores";

  static SavedCheckpoints none(CheckpointRanking ranking) {
    return new SavedCheckpoints(ranking, null, null, null, null, -1, -1);
  }

  /** Returns this with a checkpoint that has been ranked, or not if it is not good enough. */
  SavedCheckpoints ranked(CheckpointRanking with, long step) {
    CheckpointRanking.Entry best = with.best();
    return new SavedCheckpoints(
        with,
        best == null ? null : best.path(),
        best == null ? null : (Double) best.score(),
        currentScore,
        lastPath,
        step,
        lastSavedStep);
  }

  /** Returns this with a newer checkpoint where nothing is monitored. */
  SavedCheckpoints newest(Path path, long step) {
    return new SavedCheckpoints(ranking, path, null, null, lastPath, step, lastSavedStep);
  }

  SavedCheckpoints scored(double score) {
    return new SavedCheckpoints(
        ranking, bestPath, bestScore, score, lastPath, savedStep, lastSavedStep);
  }

  SavedCheckpoints savedAt(long step) {
    return new SavedCheckpoints(
        ranking, bestPath, bestScore, currentScore, lastPath, step, lastSavedStep);
  }

  SavedCheckpoints last(Path path, long step) {
    return new SavedCheckpoints(ranking, bestPath, bestScore, currentScore, path, savedStep, step);
  }

  /** Returns the checkpoints that are kept by their values, the best first. */
  Map<Path, Double> byPath() {
    Map<Path, Double> scores = new LinkedHashMap<>();
    ranking.entries().forEach(entry -> scores.put(entry.path(), entry.score()));
    return Collections.unmodifiableMap(scores);
  }

  // ---------------------------------------------------------------- in a checkpoint

  State toState(@Nullable Path folder) {
    List<CheckpointRanking.Entry> entries = ranking.entries();
    State.Builder state =
        State.builder()
            .put("folder", text(folder))
            .put("best_model_path", text(bestPath))
            .put("last_model_path", text(lastPath))
            .put("saved_step", savedStep)
            .put("last_saved_step", lastSavedStep)
            .child(
                "best_k_models",
                State.builder()
                    .put(PATHS, entries.stream().map(entry -> entry.path().toString()).toList())
                    .put(
                        SCORES,
                        entries.stream().mapToDouble(CheckpointRanking.Entry::score).toArray())
                    .build());
    if (bestScore != null) {
      state.put("best_model_score", bestScore.doubleValue());
    }
    if (currentScore != null) {
      state.put("current_score", currentScore.doubleValue());
    }
    return state.build();
  }

  /** Returns whether a state was saved with checkpoints in this folder. */
  static boolean isOf(State state, @Nullable Path folder) {
    return state.stringValue("folder").equals(text(folder));
  }

  /**
   * Returns what was saved in the same folder, as far as there is room in the ranking of today.
   *
   * @param exists whether a checkpoint is still there
   */
  static SavedCheckpoints restore(State state, CheckpointRanking empty, Predicate<Path> exists) {
    return new SavedCheckpoints(
        ranking(state.child("best_k_models"), empty, exists),
        path(state, "best_model_path"),
        number(state, "best_model_score"),
        number(state, "current_score"),
        path(state, "last_model_path"),
        state.longValue("saved_step"),
        state.longValue("last_saved_step"));
  }

  /** Returns what goes on with checkpoints in another folder: what was best. */
  static SavedCheckpoints restoreBest(State state, CheckpointRanking empty) {
    return new SavedCheckpoints(
        empty,
        path(state, "best_model_path"),
        number(state, "best_model_score"),
        /* currentScore= */ null,
        /* lastPath= */ null,
        /* savedStep= */ -1,
        /* lastSavedStep= */ -1);
  }

  private static CheckpointRanking ranking(
      State state, CheckpointRanking empty, Predicate<Path> exists) {
    List<String> paths = state.strings(PATHS);
    double[] scores = state.doubles(SCORES);
    List<CheckpointRanking.Entry> entries = new ArrayList<>();
    for (int i = 0; i < Math.min(paths.size(), scores.length); i++) {
      Path path = Path.of(paths.get(i));
      if ((empty.capacity() < 0 || entries.size() < empty.capacity()) && exists.test(path)) {
        entries.add(new CheckpointRanking.Entry(path, scores[i]));
      }
    }
    return new CheckpointRanking(empty.mode(), empty.capacity(), entries);
  }

  private static String text(@Nullable Path path) {
    return path == null ? NOTHING : path.toString();
  }

  private static @Nullable Path path(State state, String name) {
    String text = state.stringValue(name);
    return text.equals(NOTHING) ? null : Path.of(text);
  }

  private static @Nullable Double number(State state, String name) {
    return state.has(name) ? (Double) state.doubleValue(name) : null;
  }
}
