package io.fulgur.metric;

import io.fulgur.checkpoint.State;

/**
 * A mean of errors, each of one prediction.
 *
 * @param <S> the metric itself
 * @since 0.1
 */
public abstract class ErrorMetric<S extends ErrorMetric<S>> extends RegressionMetric<S> {
  private double sum;
  private long count;
  private double batchSum;
  private long batchCount;

  ErrorMetric() {}

  /** Returns the error of a difference. */
  abstract double error(double difference);

  /** Returns the value that belongs to a mean of errors. */
  double value(double mean) {
    return mean;
  }

  @Override
  final void startBatch() {
    batchSum = 0;
    batchCount = 0;
  }

  @Override
  final void add(double[] predictions, double[] targets, int number, long place) {
    for (int i = 0; i < number; i++) {
      batchSum += error(predictions[i] - targets[i]);
    }
    batchCount += number;
  }

  @Override
  final void endBatch() {
    sum += batchSum;
    count += batchCount;
  }

  @Override
  public final double compute() {
    return value(sum / count);
  }

  @Override
  public final double batchValue() {
    return value(batchSum / batchCount);
  }

  @Override
  final void absorb(S other) {
    ErrorMetric<S> that = other;
    sum += that.sum;
    count += that.count;
  }

  @Override
  public final void reset() {
    startBatch();
    sum = 0;
    count = 0;
  }

  @Override
  public final State state() {
    return State.builder().put("sum", sum).put("count", count).build();
  }

  @Override
  public final void loadState(State state) {
    startBatch();
    sum = state.doubleValue("sum");
    count = state.longValue("count");
  }
}
