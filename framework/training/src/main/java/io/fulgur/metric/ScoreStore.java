package io.fulgur.metric;

import io.fulgur.checkpoint.State;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;

/**
 * All scores and targets since the last reset, for metrics of which no summary of a batch is
 * enough: {@code [rows, columns]}, a column for each class.
 *
 * <p>Eight bytes a score. The newest batch is the last rows.
 */
final class ScoreStore implements Scores {
  /** The target of an answer that does not count. */
  static final int IGNORED = -1;

  private final String metric;
  private final ClassOptions options;
  private final int columns;
  private final int targetsPerRow;
  private double[] scores = {};
  private int[] targets = {};
  private double[] scratch = {};
  private int rows;
  private int batchStart;
  private int markedRows;

  ScoreStore(String metric, ClassOptions options) {
    this.metric = metric;
    this.options = options;
    columns = options.classes();
    targetsPerRow = options.task() == ClassOptions.Task.MULTICLASS ? 1 : columns;
  }

  // ---------------------------------------------------------------- gathering

  @Override
  public void add(Values predictions, Values truth) {
    if (!predictions.dtype().isFloating()) {
      throw MetricErrors.type(
          metric, "predictions", predictions.dtype(), "a floating-point type, holding scores");
    }
    checkShapes(predictions, truth);
    int newRows = Math.toIntExact(truth.elements() / targetsPerRow);
    reserve(newRows);
    copyRows(predictions, newRows, columns, scores, rows * columns);
    if (scratch.length < newRows * targetsPerRow) {
      scratch = new double[newRows * targetsPerRow];
    }
    copyRows(truth, newRows, targetsPerRow, scratch, 0);
    // Rows count only from here on, so that a target that is none leaves everything as it was.
    int kept = addTargets(newRows);
    batchStart = rows;
    rows += kept;
  }

  private void checkShapes(Values predictions, Values truth) {
    switch (options.task()) {
      case BINARY -> MetricErrors.requireSameShape(metric, predictions, truth);
      case MULTICLASS -> {
        TargetChecks.requireClassTargets(metric, truth);
        TargetChecks.requireScoreShape(metric, predictions, truth, columns);
      }
      case MULTILABEL -> {
        MetricErrors.requireSameShape(metric, predictions, truth);
        if (truth.shape().rank() < 2 || truth.shape().size(1) != columns) {
          throw MetricErrors.shapes(
              metric,
              "both must be [batch, %d] or [batch, %<d, ...]".formatted(columns),
              predictions,
              truth);
        }
      }
    }
  }

  private void reserve(int newRows) {
    long needed = ((long) rows + newRows) * columns;
    if (needed > Integer.MAX_VALUE - 8) {
      throw MetricErrors.tooMany(metric, needed);
    }
    if (needed > scores.length) {
      long roomy = Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * scores.length));
      int capacity = (int) (roomy / columns);
      scores = Arrays.copyOf(scores, capacity * columns);
      targets = Arrays.copyOf(targets, capacity * targetsPerRow);
    }
  }

  /** Copies {@code [batch, width]} or {@code [batch, width, ...]} as {@code [rows, width]}. */
  private static void copyRows(Values from, int count, int width, double[] target, int at) {
    Shape shape = from.shape();
    long batch = shape.rank() == 0 ? 1 : shape.size(0);
    int inner = batch == 0 ? 0 : (int) (count / batch);
    if (inner <= 1 || width == 1) {
      from.read(0, count * width, target, at);
      return;
    }
    double[] plane = new double[inner];
    for (int i = 0; i < batch; i++) {
      for (int c = 0; c < width; c++) {
        from.read(((long) i * width + c) * inner, inner, plane);
        for (int j = 0; j < inner; j++) {
          target[at + (i * inner + j) * width + c] = plane[j];
        }
      }
    }
  }

  /** Adds the targets of new rows and closes the gaps that ignored ones leave. */
  private int addTargets(int newRows) {
    int kept = 0;
    for (int row = 0; row < newRows; row++) {
      boolean counts = targetsPerRow > 1;
      for (int j = 0; j < targetsPerRow; j++) {
        double target = scratch[row * targetsPerRow + j];
        boolean ignored = options.isIgnored(target);
        counts |= !ignored;
        targets[(rows + kept) * targetsPerRow + j] = ignored ? IGNORED : checked(target, row);
      }
      if (counts) {
        if (kept < row) {
          System.arraycopy(
              scores, (rows + row) * columns, scores, (rows + kept) * columns, columns);
        }
        kept++;
      }
    }
    return kept;
  }

  private int checked(double target, int place) {
    if (options.task() == ClassOptions.Task.MULTICLASS) {
      return TargetChecks.classOf(metric, target, place, columns);
    }
    TargetChecks.requireAnswer(metric, "target", target);
    return (int) target;
  }

  // ---------------------------------------------------------------- reading

  @Override
  public RankedScores ranked(int column, boolean newest) {
    return ranked(column, column + 1, newest ? batchStart : 0);
  }

  @Override
  public RankedScores rankedTogether(boolean newest) {
    return ranked(0, columns, newest ? batchStart : 0);
  }

  private RankedScores ranked(int fromColumn, int toColumn, int fromRow) {
    RankedScores.Builder builder =
        new RankedScores.Builder((rows - fromRow) * (toColumn - fromColumn));
    for (int row = fromRow; row < rows; row++) {
      for (int column = fromColumn; column < toColumn; column++) {
        int target = target(row, column);
        if (target != IGNORED) {
          builder.add(scores[row * columns + column], target == 1);
        }
      }
    }
    return builder.build();
  }

  /** Returns 1 for a positive of a column, 0 for a negative, or that there is none. */
  private int target(int row, int column) {
    return targetsPerRow == 1 && columns > 1
        ? (targets[row] == column ? 1 : 0)
        : targets[row * columns + column];
  }

  /** Counts the scores of a column on a scale from 0 to 1; returns whether one is NaN. */
  boolean count(int column, long[] positives, long[] negatives) {
    boolean nan = false;
    for (int row = 0; row < rows; row++) {
      double score = scores[row * columns + column];
      int target = target(row, column);
      if (Double.isNaN(score)) {
        nan = true;
      } else if (target != IGNORED) {
        (target == 1 ? positives : negatives)[place(score, positives.length - 1)]++;
      }
    }
    return nan;
  }

  /** Returns the last {@code i} of which {@code i / steps} is at most the score. */
  private static int place(double score, int steps) {
    int place = (int) (score * steps);
    // The product may have been rounded over a step, or to below it.
    if ((double) place / steps > score) {
      return place - 1;
    }
    return place < steps && (double) (place + 1) / steps <= score ? place + 1 : place;
  }

  void requireProbabilities() {
    for (int i = 0; i < rows * columns; i++) {
      if (scores[i] < 0 || scores[i] > 1) {
        throw MetricErrors.notOnScale(metric, scores[i]);
      }
    }
  }

  // ---------------------------------------------------------------- others

  @Override
  public void absorb(Scores others) {
    ScoreStore other = (ScoreStore) others;
    reserve(other.rows);
    System.arraycopy(other.scores, 0, scores, rows * columns, other.rows * columns);
    System.arraycopy(other.targets, 0, targets, rows * targetsPerRow, other.rows * targetsPerRow);
    // The newest batch is this one's own, or none.
    rows += other.rows;
    batchStart = rows;
  }

  @Override
  public void reset() {
    rows = 0;
    batchStart = 0;
  }

  void mark() {
    markedRows = rows;
  }

  State markedState() {
    return state(markedRows);
  }

  @Override
  public State state() {
    return state(rows);
  }

  private State state(int count) {
    State.Builder state = State.builder().put("rows", (long) count);
    if (count > 0) {
      state.tensor("scores", Tensor.of(Arrays.copyOf(scores, count * columns), count, columns));
      state.tensor(
          "targets",
          Tensor.of(Arrays.copyOf(targets, count * targetsPerRow), count, targetsPerRow));
    }
    return state.build();
  }

  @Override
  public void load(State state) {
    int saved = state.intValue("rows");
    if (saved == 0) {
      reset();
      return;
    }
    double[] savedScores = state.tensor("scores").toDoubleArray();
    if (savedScores.length != saved * columns) {
      throw MetricErrors.wrongState(metric, "scores", savedScores.length / saved, columns);
    }
    scores = savedScores;
    targets =
        Arrays.stream(state.tensor("targets").toLongArray()).mapToInt(Math::toIntExact).toArray();
    rows = saved;
    batchStart = saved;
  }
}
