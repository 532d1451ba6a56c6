package io.fulgur.metric;

import io.fulgur.data.HostArray;
import io.fulgur.tensor.Tensor;

/**
 * A metric that compares predictions with targets.
 *
 * @since 0.1
 */
public interface PredictionMetric extends Metric {
  /**
   * Takes a batch. Values are read at once and nothing is recorded for gradients.
   *
   * @return this metric, so that it can be logged in the same line
   * @throws io.fulgur.error.FulgurException if shapes, types or values are none that this metric
   *     takes; it then is as before
   */
  PredictionMetric update(Tensor predictions, Tensor targets);

  /**
   * Takes a batch of Java arrays.
   *
   * @return this metric
   * @throws io.fulgur.error.FulgurException if shapes, types or values are none that this metric
   *     takes; it then is as before
   */
  PredictionMetric update(HostArray predictions, HostArray targets);

  @Override
  PredictionMetric emptyCopy();
}
