package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Mean and variance of many numbers at once, read one by one. */
final class RunningStatistics {
  /*
   * Welford's method, whose error does not grow with the mean as that of the sum of squares does.
   * B. P. Welford, "Note on a method for calculating corrected sums of squares and products",
   * Technometrics 4(3), 1962.
   */
  private final long[] count;
  private final double[] mean;
  private final double[] squares;
  private final double[] min;
  private final double[] max;

  private RunningStatistics(int channels) {
    count = new long[channels];
    mean = new double[channels];
    squares = new double[channels];
    min = new double[channels];
    max = new double[channels];
    Arrays.fill(min, Double.POSITIVE_INFINITY);
    Arrays.fill(max, Double.NEGATIVE_INFINITY);
  }

  static RunningStatistics of(
      Dataset dataset, String name, @Nullable Integer channelDim, String owner) {
    if (dataset.size() == 0) {
      throw DataErrors.empty(DataErrors.name(dataset));
    }
    HostArray first = value(dataset, 0, name);
    long channels = channelDim == null ? first.elements() : first.shape().size(channelDim);
    RunningStatistics statistics = new RunningStatistics((int) channels);
    for (long index = 0; index < dataset.size(); index++) {
      HostArray array = value(dataset, index, name);
      IntUnaryOperator channel =
          Normalize.channels(owner, array, name, channelDim, statistics.count.length);
      for (int i = 0; i < array.elements(); i++) {
        double value = array.get(i);
        if (!Double.isFinite(value)) {
          throw new FulgurException(
              ErrorId.NON_FINITE_DATA,
              ("%s has %s as element %d of \"%s\". Statistics need finite numbers; replace it "
                      + "or leave the sample out.")
                  .formatted(DataErrors.describe(dataset, index), value, i, name));
        }
        statistics.add(channel.applyAsInt(i), value);
      }
    }
    return statistics;
  }

  private static HostArray value(Dataset dataset, long index, String name) {
    return DataErrors.checkNotNull(dataset.get(index), dataset, index).get(name);
  }

  private void add(int channel, double value) {
    double before = value - mean[channel];
    mean[channel] += before / ++count[channel];
    squares[channel] += before * (value - mean[channel]);
    min[channel] = Math.min(min[channel], value);
    max[channel] = Math.max(max[channel], value);
  }

  double[] mean() {
    return mean;
  }

  double[] min() {
    return min;
  }

  double[] max() {
    return max;
  }

  double[] standardDeviation() {
    double[] deviation = new double[squares.length];
    for (int i = 0; i < deviation.length; i++) {
      deviation[i] = count[i] == 0 ? 0 : Math.sqrt(squares[i] / count[i]);
    }
    return deviation;
  }
}
