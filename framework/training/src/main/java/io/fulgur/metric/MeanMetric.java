package io.fulgur.metric;

import io.fulgur.checkpoint.State;
import io.fulgur.tensor.Tensor;

/**
 * Weighted mean of numbers, {@code Σ weight value / Σ weight}.
 *
 * @since 0.1
 */
public final class MeanMetric extends BaseMetric<MeanMetric> implements ScalarMetric {
  private double sum;
  private double weights;
  private double batchSum;
  private double batchWeights;

  /** Makes an empty metric. */
  public MeanMetric() {}

  /** Takes a number. */
  public MeanMetric update(double value) {
    return update(value, 1);
  }

  /**
   * Takes a number that counts as much as {@code weight} numbers.
   *
   * @throws io.fulgur.error.FulgurException if the weight is negative or not finite
   */
  public MeanMetric update(double value, double weight) {
    MetricErrors.requireOption(
        weight >= 0 && Double.isFinite(weight), name(), "weight", weight, "0 or more and finite");
    batchSum = value * weight;
    batchWeights = weight;
    return endBatch();
  }

  /** Takes all elements of a tensor. */
  public MeanMetric update(Tensor values) {
    Values elements = Values.of(values);
    double[] block = new double[(int) Math.min(Values.BLOCK, elements.elements())];
    batchSum = 0;
    batchWeights = (double) elements.elements();
    for (long start = 0; start < elements.elements(); start += block.length) {
      int count = (int) Math.min(block.length, elements.elements() - start);
      elements.read(start, count, block);
      for (int i = 0; i < count; i++) {
        batchSum += block[i];
      }
    }
    return endBatch();
  }

  private MeanMetric endBatch() {
    sum += batchSum;
    weights += batchWeights;
    return this;
  }

  @Override
  public double compute() {
    return sum / weights;
  }

  @Override
  public double batchValue() {
    return batchSum / batchWeights;
  }

  @Override
  Object options() {
    return "";
  }

  @Override
  void absorb(MeanMetric other) {
    sum += other.sum;
    weights += other.weights;
  }

  @Override
  public void reset() {
    sum = 0;
    weights = 0;
    batchSum = 0;
    batchWeights = 0;
  }

  @Override
  public MeanMetric emptyCopy() {
    return new MeanMetric();
  }

  @Override
  public State state() {
    return State.builder().put("sum", sum).put("weights", weights).build();
  }

  @Override
  public void loadState(State state) {
    reset();
    sum = state.doubleValue("sum");
    weights = state.doubleValue("weights");
  }
}
