package io.fulgur.metric;

import io.fulgur.data.HostArray;
import io.fulgur.tensor.Tensor;

/**
 * A metric of numbers predicted: predictions and targets have the same shape and are of any type,
 * each, but {@code BOOL}. Everything is summed up in double precision.
 *
 * @param <S> the metric itself
 * @since 0.1
 */
public abstract class RegressionMetric<S extends RegressionMetric<S>> extends BaseMetric<S>
    implements PredictionMetric, ScalarMetric {
  private final double[] predicted = new double[Values.BLOCK];
  private final double[] actual = new double[Values.BLOCK];

  RegressionMetric() {}

  /** Starts a batch. */
  abstract void startBatch();

  /** Takes numbers of a batch, the first of which is at a place of the row-major order. */
  abstract void add(double[] predictions, double[] targets, int count, long place);

  /** Adds the batch to what was gathered before. */
  abstract void endBatch();

  /** Checks the shape, which both have. */
  void check(Values predictions, Values targets) {}

  @Override
  public abstract S emptyCopy();

  @Override
  public final S update(Tensor predictions, Tensor targets) {
    return update(Values.of(predictions), Values.of(targets));
  }

  @Override
  public final S update(HostArray predictions, HostArray targets) {
    return update(Values.of(predictions), Values.of(targets));
  }

  private S update(Values predictions, Values targets) {
    MetricErrors.requireSameShape(name(), predictions, targets);
    check(predictions, targets);
    startBatch();
    long elements = targets.elements();
    for (long start = 0; start < elements; start += Values.BLOCK) {
      int count = (int) Math.min(Values.BLOCK, elements - start);
      predictions.read(start, count, predicted);
      targets.read(start, count, actual);
      add(predicted, actual, count, start);
    }
    endBatch();
    @SuppressWarnings("unchecked") // The type parameter of every subclass is that subclass.
    S self = (S) this;
    return self;
  }
}
