package io.fulgur.callback.checkpoint;

import io.fulgur.callback.MonitorMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints that are kept, the best first. Immutable.
 *
 * <p>NaN counts as the worst value there is. Of equal values the earlier one is better.
 *
 * @param mode which scores are better
 * @param capacity how many are kept; -1 for all
 * @param entries what is kept, the best first
 */
record CheckpointRanking(MonitorMode mode, int capacity, List<Entry> entries) {
  /**
   * A checkpoint and how good it is.
   *
   * @param path the file
   * @param score the monitored value; the worst there is for NaN
   */
  record Entry(Path path, double score) {}

  /**
   * A ranking with one more.
   *
   * @param ranking what is kept then
   * @param evicted what is not kept any more; null if nothing
   */
  record Change(CheckpointRanking ranking, @Nullable Path evicted) {}

  CheckpointRanking {
    entries = List.copyOf(entries);
  }

  static CheckpointRanking empty(MonitorMode mode, int capacity) {
    return new CheckpointRanking(mode, capacity, List.of());
  }

  double score(double value) {
    return Double.isNaN(value) ? mode.worst() : value;
  }

  /** Returns whether a checkpoint with this value would be kept. */
  boolean accepts(double value) {
    if (capacity < 0 || entries.size() < capacity) {
      return true;
    }
    return capacity > 0 && mode.isBetter(score(value), entries.get(entries.size() - 1).score());
  }

  /** Returns which checkpoint a new one would drive out; null if none. */
  @Nullable Path nextToGo() {
    return capacity > 0 && entries.size() >= capacity
        ? entries.get(entries.size() - 1).path()
        : null;
  }

  /** Ranks a checkpoint that is accepted. */
  Change with(Path path, double value) {
    List<Entry> all = new ArrayList<>(entries);
    all.removeIf(entry -> entry.path().equals(path));
    Path evicted = null;
    if (capacity > 0 && all.size() >= capacity) {
      evicted = all.remove(all.size() - 1).path();
    }
    all.add(new Entry(path, score(value)));
    Comparator<Entry> byScore = Comparator.comparingDouble(Entry::score);
    all.sort(mode == MonitorMode.MIN ? byScore : byScore.reversed());
    return new Change(new CheckpointRanking(mode, capacity, all), evicted);
  }

  /** Returns the best; null if there is none. */
  @Nullable Entry best() {
    return entries.isEmpty() ? null : entries.get(0);
  }
}
