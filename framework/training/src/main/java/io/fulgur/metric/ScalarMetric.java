package io.fulgur.metric;

/**
 * A metric whose value is one number, which can be logged: {@code log("val_acc",
 * accuracy.update(logits, labels))}.
 *
 * @since 0.1
 */
public interface ScalarMetric extends Metric {
  /**
   * Returns the value of all batches since the last reset; {@code NaN} where there is none, as
   * before the first batch.
   */
  double compute();

  /**
   * Returns the value of the newest batch alone, as {@code forward} of torchmetrics; what is logged
   * for a step. Computed when asked for; {@code NaN} before the first batch.
   */
  double batchValue();

  @Override
  ScalarMetric emptyCopy();
}
