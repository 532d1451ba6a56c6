package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Brings a value of each sample to an interval, 0 to 1 unless said otherwise: {@code y = low + (x -
 * min) / (max - min) * (high - low)}, for every element by itself or for every index of one
 * dimension, as scikit-learn's {@code MinMaxScaler}.
 *
 * <p>An element that is constant in the training split becomes {@code low} there. Other data may
 * lie outside of the interval. The result is of type F64 if the value is, F32 otherwise. Immutable.
 *
 * @since 0.1
 */
public final class MinMaxScale implements Transform {
  private static final String OWNER = "MinMaxScale";

  private final String name;
  private final @Nullable Integer channelDim;
  private final double[] min;
  private final double[] max;
  private final double low;
  private final double high;

  private MinMaxScale(
      String name,
      @Nullable Integer channelDim,
      double[] min,
      double[] max,
      double low,
      double high) {
    this.name = name;
    this.channelDim = channelDim;
    this.min = min;
    this.max = max;
    this.low = low;
    this.high = high;
    boolean ordered = min.length == max.length && low < high;
    for (int i = 0; ordered && i < min.length; i++) {
      ordered = min[i] <= max[i] && Double.isFinite(max[i] - min[i]);
    }
    if (!ordered) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "MinMaxScale of \"%s\" got the minima %s, the maxima %s and the interval from %s to %s. There must be as many minima as maxima, none above its maximum, all finite, and the interval must not be empty."
              .formatted(name, Arrays.toString(min), Arrays.toString(max), low, high));
    }
  }

  /**
   * Measures every element by itself.
   *
   * @param training the training split; the range of other data would leak into training
   * @throws FulgurException if there are no samples, no such value, shapes differ, or an element is
   *     NaN or infinite
   */
  public static MinMaxScale fit(Dataset training, String name) {
    RunningStatistics statistics = RunningStatistics.of(training, name, null, OWNER);
    return new MinMaxScale(name, null, statistics.min(), statistics.max(), 0, 1);
  }

  /**
   * Measures every index of a dimension, over all other dimensions.
   *
   * @param training the training split; the range of other data would leak into training
   * @param channelDim the dimension of a sample's value, e.g. 0 for {@code [channels, height,
   *     width]}; may be counted from the end
   * @throws FulgurException if there are no samples, no such value or dimension, the number of
   *     channels differs, or an element is NaN or infinite
   */
  public static MinMaxScale fit(Dataset training, String name, int channelDim) {
    RunningStatistics statistics = RunningStatistics.of(training, name, channelDim, OWNER);
    return new MinMaxScale(name, channelDim, statistics.min(), statistics.max(), 0, 1);
  }

  /** Returns this transform with another interval. */
  public MinMaxScale to(double newLow, double newHigh) {
    return new MinMaxScale(name, channelDim, min, max, newLow, newHigh);
  }

  @Override
  public Sample apply(Sample sample) {
    HostArray in = sample.get(name);
    IntUnaryOperator channel = Normalize.channels(OWNER, in, name, channelDim, min.length);
    double[] out = new double[in.elements()];
    for (int i = 0; i < out.length; i++) {
      int c = channel.applyAsInt(i);
      double range = max[c] - min[c];
      out[i] = low + (in.get(i) - min[c]) / (range == 0 ? 1 : range) * (high - low);
    }
    HostArray scaled = new HostArray(DType.F64, in.shape(), out);
    return sample.with(
        name,
        in.dtype() == DType.F64
            ? scaled
            : new HostArray(DType.F32, in.shape(), scaled.toFloatArray()));
  }

  /** Returns the least value of each element or channel. */
  public double[] min() {
    return min.clone();
  }

  /** Returns the greatest value of each element or channel. */
  public double[] max() {
    return max.clone();
  }

  /** Returns the statistics as text, numbers and lists, for a checkpoint. */
  public Map<String, Object> state() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("name", name);
    if (channelDim != null) {
      state.put("channelDim", channelDim);
    }
    state.put("min", Normalize.list(min));
    state.put("max", Normalize.list(max));
    state.put("low", low);
    state.put("high", high);
    return state;
  }

  /**
   * Makes the transform whose {@link #state()} this was.
   *
   * @throws FulgurException if something is missing or of another type
   */
  public static MinMaxScale fromState(Map<String, ?> state) {
    double[] min = Normalize.numbers(state, "min");
    double[] max = Normalize.numbers(state, "max");
    Object dim = state.get("channelDim");
    if (min == null
        || max == null
        || !(state.get("name") instanceof String name)
        || !(dim == null || dim instanceof Number)
        || !(state.get("low") instanceof Number low)
        || !(state.get("high") instanceof Number high)) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "%s is not the state of a MinMaxScale. It must have a text \"name\", lists of numbers \"min\" and \"max\", numbers \"low\" and \"high\", and may have a number \"channelDim\"."
              .formatted(state));
    }
    Integer channelDim = dim == null ? null : ((Number) dim).intValue();
    return new MinMaxScale(name, channelDim, min, max, low.doubleValue(), high.doubleValue());
  }

  /** Returns e.g. {@code MinMaxScale(image, 64 elements)}. */
  @Override
  public String toString() {
    return "MinMaxScale(%s, %d %s)"
        .formatted(name, min.length, channelDim == null ? "elements" : "channels");
  }
}
