package io.fulgur.metric;

import io.fulgur.checkpoint.State;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;

/**
 * How many positives and negatives of each class have which score, on a scale of evenly spaced
 * ones: memory that does not grow. A score counts as the highest on the scale that it reaches.
 */
final class ScoreCounts implements Scores {
  private final String metric;
  private final int columns;
  private final int thresholds;

  /** {@code [columns][thresholds]}. */
  private final long[][] positives;

  private final long[][] negatives;

  /** Whether a score of a column was NaN. */
  private final boolean[] nan;

  private ScoreStore batch;

  /** Reads the next batch, so that one that is refused leaves everything as it was. */
  private ScoreStore spare;

  ScoreCounts(String metric, ClassOptions options) {
    this.metric = metric;
    columns = options.classes();
    thresholds = options.thresholds();
    positives = new long[columns][thresholds];
    negatives = new long[columns][thresholds];
    nan = new boolean[columns];
    batch = new ScoreStore(metric, options);
    spare = new ScoreStore(metric, options);
  }

  @Override
  public void add(Values predictions, Values truth) {
    spare.reset();
    spare.add(predictions, truth);
    spare.requireProbabilities();
    ScoreStore read = spare;
    spare = batch;
    batch = read;
    for (int i = 0; i < columns; i++) {
      nan[i] |= batch.count(i, positives[i], negatives[i]);
    }
  }

  @Override
  public RankedScores ranked(int column, boolean newest) {
    return ranked(column, column + 1, newest);
  }

  @Override
  public RankedScores rankedTogether(boolean newest) {
    return ranked(0, columns, newest);
  }

  private RankedScores ranked(int fromColumn, int toColumn, boolean newest) {
    long[] positive = new long[thresholds];
    long[] negative = new long[thresholds];
    boolean hasNan = false;
    for (int i = fromColumn; i < toColumn; i++) {
      if (newest) {
        hasNan |= batch.count(i, positive, negative);
      } else {
        ClassCounts.addAll(positive, positives[i]);
        ClassCounts.addAll(negative, negatives[i]);
        hasNan |= nan[i];
      }
    }
    return RankedScores.ofCounts(positive, negative, hasNan);
  }

  @Override
  public void absorb(Scores other) {
    ScoreCounts that = (ScoreCounts) other;
    for (int i = 0; i < columns; i++) {
      ClassCounts.addAll(positives[i], that.positives[i]);
      ClassCounts.addAll(negatives[i], that.negatives[i]);
      nan[i] |= that.nan[i];
    }
  }

  @Override
  public void reset() {
    for (int i = 0; i < columns; i++) {
      Arrays.fill(positives[i], 0);
      Arrays.fill(negatives[i], 0);
      nan[i] = false;
    }
    batch.reset();
  }

  @Override
  public State state() {
    long[] withNan = new long[columns];
    for (int i = 0; i < columns; i++) {
      withNan[i] = nan[i] ? 1 : 0;
    }
    return State.builder()
        .put("nan", withNan)
        .tensor("positives", flat(positives))
        .tensor("negatives", flat(negatives))
        .build();
  }

  private Tensor flat(long[][] counts) {
    long[] all = new long[columns * thresholds];
    for (int i = 0; i < columns; i++) {
      System.arraycopy(counts[i], 0, all, i * thresholds, thresholds);
    }
    return Tensor.of(all, columns, thresholds);
  }

  @Override
  public void load(State state) {
    long[] withNan = state.longs("nan");
    long[] positive = state.tensor("positives").toLongArray();
    long[] negative = state.tensor("negatives").toLongArray();
    if (positive.length != columns * thresholds) {
      throw MetricErrors.wrongState(metric, "positives", positive.length, columns * thresholds);
    }
    batch.reset();
    for (int i = 0; i < columns; i++) {
      System.arraycopy(positive, i * thresholds, positives[i], 0, thresholds);
      System.arraycopy(negative, i * thresholds, negatives[i], 0, thresholds);
      nan[i] = withNan[i] == 1;
    }
  }
}
