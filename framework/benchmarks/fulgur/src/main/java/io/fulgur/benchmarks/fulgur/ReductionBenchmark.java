package io.fulgur.benchmarks.fulgur;

import io.fulgur.tensor.Tensor;
import org.openjdk.jmh.annotations.Param;

/** Sums and extremes over different dimensions. */
public class ReductionBenchmark extends FunctionBenchmark {
  /** The functions. */
  public enum Kind implements Function {
    SUM_ALL,
    SUM_ROWS,
    SUM_SHORT_ROWS,
    SUM_COLUMNS,
    SUM_WIDE_COLUMNS,
    SUM_TIMES,
    SUM_CHANNELS,
    MEAN_PIXELS,
    MAX_ROWS,
    ARGMAX_ROWS;

    @Override
    public Tensor input() {
      return switch (this) {
        case SUM_ALL, SUM_CHANNELS -> random(64, 16, 32, 32);
        case SUM_ROWS, SUM_COLUMNS, MAX_ROWS -> random(2048, 128);
        case SUM_SHORT_ROWS -> random(6400, 10);
        case SUM_WIDE_COLUMNS, ARGMAX_ROWS -> random(2048, 1000);
        case SUM_TIMES -> random(32, 64, 128);
        case MEAN_PIXELS -> random(64, 64, 8, 8);
      };
    }

    @Override
    public Tensor apply(Tensor x) {
      return switch (this) {
        case SUM_ALL -> x.sum();
        case SUM_ROWS, SUM_SHORT_ROWS, SUM_TIMES -> x.sum(false, 1);
        case SUM_COLUMNS, SUM_WIDE_COLUMNS -> x.sum(false, 0);
        case SUM_CHANNELS -> x.sum(false, 0, 2, 3);
        case MEAN_PIXELS -> x.mean(false, 2, 3);
        case MAX_ROWS -> x.max(false, 1);
        case ARGMAX_ROWS -> x.argmax(1);
      };
    }
  }

  /** Which function. */
  @Param public Kind kind = Kind.SUM_ALL;

  @Override
  Function function() {
    return kind;
  }
}
