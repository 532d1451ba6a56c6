package io.fulgur.metric;

import io.fulgur.checkpoint.State;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A metric of how classes are ranked, whatever the threshold: predictions are scores of a
 * floating-point type, of which only the order counts, so that logits serve as well as
 * probabilities. Of several classes, each is ranked against all others.
 *
 * <p>Keeps all scores since the last reset, eight bytes each, unless it is told at how many {@link
 * #thresholds} to count them.
 *
 * @param <S> the metric itself
 * @since 0.1
 */
public abstract class ScoreMetric<S extends ScoreMetric<S>> extends ClassificationMetric<S> {
  final Scores store;

  ScoreMetric(ClassOptions options) {
    super(options);
    String metric = getClass().getSimpleName();
    store =
        options.thresholds() == 0
            ? new ScoreStore(metric, options)
            : new ScoreCounts(metric, options);
  }

  /**
   * Returns an empty metric that counts scores on a scale of this many evenly spaced thresholds
   * from 0 to 1, as {@code thresholds} of torchmetrics, so that any number of samples takes the
   * same memory. A score counts as the highest threshold that it reaches, and must be a
   * probability.
   *
   * @throws io.fulgur.error.FulgurException if there are fewer than two
   */
  public final S thresholds(int count) {
    MetricErrors.requireOption(count >= 2, name(), "thresholds", count, "at least 2");
    return create(options.withThresholds(count));
  }

  @Override
  final void add(Values predictions, Values targets) {
    store.add(predictions, targets);
  }

  /** Returns something of each class. */
  final <T> List<T> ofEachClass(Function<RankedScores, T> curve) {
    List<T> all = new ArrayList<>();
    for (int i = 0; i < options.classes(); i++) {
      all.add(curve.apply(store.ranked(i, /* newest= */ false)));
    }
    return List.copyOf(all);
  }

  @Override
  final void absorb(S other) {
    ScoreMetric<S> that = other;
    store.absorb(that.store);
  }

  @Override
  public final void reset() {
    store.reset();
  }

  @Override
  public final void mark() {
    if (store instanceof ScoreStore rows) {
      // Rows are only added, so that it is enough to know how many there were.
      rows.mark();
    } else {
      super.mark();
    }
  }

  @Override
  public final State markedState() {
    return store instanceof ScoreStore rows ? rows.markedState() : super.markedState();
  }

  @Override
  public final State state() {
    return store.state();
  }

  @Override
  public final void loadState(State state) {
    store.load(state);
  }
}
