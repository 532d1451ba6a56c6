package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Shifts and scales a value of each sample to mean 0 and standard deviation 1: {@code y = (x -
 * mean) / standardDeviation}, for every element by itself (per feature) or for every index of one
 * dimension (per channel).
 *
 * <pre>{@code
 * Normalize normalize = Normalize.fit(train, "image"); // the training split, never all data
 * Dataset trainInputs = train.map(normalize);
 * Dataset validationInputs = validation.map(normalize);
 * }</pre>
 *
 * <p>The standard deviation is that of the population (divided by n), as scikit-learn's {@code
 * StandardScaler}. An element that is constant in the training split is shifted only, so it becomes
 * 0 there. The result is of type F64 if the value is, F32 otherwise. There is no instance without
 * statistics, so none can be used before it is fitted. Immutable.
 *
 * @since 0.1
 */
public final class Normalize implements Transform {
  private static final String OWNER = "Normalize";

  private final String name;
  private final @Nullable Integer channelDim;
  private final double[] mean;
  private final double[] standardDeviation;

  private Normalize(
      String name, @Nullable Integer channelDim, double[] mean, double[] standardDeviation) {
    this.name = name;
    this.channelDim = channelDim;
    this.mean = mean;
    this.standardDeviation = standardDeviation;
    check();
  }

  /**
   * Measures every element by itself.
   *
   * @param training the training split; statistics of other data would leak into training
   * @param name the value to normalise
   * @throws FulgurException if there are no samples, no such value, shapes differ, or an element is
   *     NaN or infinite
   */
  public static Normalize fit(Dataset training, String name) {
    RunningStatistics statistics = RunningStatistics.of(training, name, null, OWNER);
    return new Normalize(name, null, statistics.mean(), statistics.standardDeviation());
  }

  /**
   * Measures every index of a dimension, over all other dimensions.
   *
   * @param training the training split; statistics of other data would leak into training
   * @param name the value to normalise
   * @param channelDim the dimension of a sample's value, e.g. 0 for {@code [channels, height,
   *     width]}; may be counted from the end
   * @throws FulgurException if there are no samples, no such value or dimension, the number of
   *     channels differs, or an element is NaN or infinite
   */
  public static Normalize fit(Dataset training, String name, int channelDim) {
    RunningStatistics statistics = RunningStatistics.of(training, name, channelDim, OWNER);
    return new Normalize(name, channelDim, statistics.mean(), statistics.standardDeviation());
  }

  /** Makes a transform of known statistics of every index of a dimension. */
  public static Normalize of(
      String name, int channelDim, double[] mean, double[] standardDeviation) {
    return new Normalize(name, channelDim, mean.clone(), standardDeviation.clone());
  }

  /** Makes a transform of known statistics of every element, row-major. */
  public static Normalize of(String name, double[] mean, double[] standardDeviation) {
    return new Normalize(name, null, mean.clone(), standardDeviation.clone());
  }

  private void check() {
    boolean finite = Arrays.stream(mean).allMatch(Double::isFinite);
    boolean valid = Arrays.stream(standardDeviation).allMatch(d -> d >= 0 && Double.isFinite(d));
    if (mean.length != standardDeviation.length || !finite || !valid) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          ("Normalize of \"%s\" got the means %s and standard deviations %s. There must be as "
                  + "many of one as of the other, all finite, and no standard deviation negative.")
              .formatted(name, Arrays.toString(mean), Arrays.toString(standardDeviation)));
    }
  }

  @Override
  public Sample apply(Sample sample) {
    HostArray in = sample.get(name);
    IntUnaryOperator channel = channels(OWNER, in, name, channelDim, mean.length);
    return sample.with(name, in.dtype() == DType.F64 ? doubles(in, channel) : floats(in, channel));
  }

  private HostArray floats(HostArray in, IntUnaryOperator channel) {
    float[] out = new float[in.elements()];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) normalized(in.get(i), channel.applyAsInt(i));
    }
    return new HostArray(DType.F32, in.shape(), out);
  }

  private HostArray doubles(HostArray in, IntUnaryOperator channel) {
    double[] out = new double[in.elements()];
    for (int i = 0; i < out.length; i++) {
      out[i] = normalized(in.get(i), channel.applyAsInt(i));
    }
    return new HostArray(DType.F64, in.shape(), out);
  }

  private double normalized(double value, int channel) {
    double deviation = standardDeviation[channel];
    return (value - mean[channel]) / (deviation == 0 ? 1 : deviation);
  }

  /** Returns which statistic belongs to each element, after checking that there are as many. */
  static IntUnaryOperator channels(
      String owner, HostArray array, String name, @Nullable Integer channelDim, int expected) {
    Shape shape = array.shape();
    long channels = channelDim == null ? shape.elements() : shape.size(channelDim);
    if (array.dtype() == DType.BOOL || channels != expected) {
      throw new FulgurException(
          ErrorId.SHAPE_MISMATCH,
          ("\"%s\" is %s, which %s cannot work on with statistics of %d %s. Give it "
                  + "numbers of the shape that it was fitted to.")
              .formatted(
                  name,
                  array,
                  owner,
                  expected,
                  channelDim == null ? "elements" : "channels in dimension " + channelDim));
    }
    if (channelDim == null) {
      return i -> i;
    }
    int inner = 1;
    for (int dim = shape.axis(channelDim) + 1; dim < shape.rank(); dim++) {
      inner *= (int) shape.size(dim);
    }
    int stride = inner;
    return i -> i / stride % expected;
  }

  /** Returns the name of the value that is normalised. */
  public String name() {
    return name;
  }

  /** Returns the mean of each element or channel. */
  public double[] mean() {
    return mean.clone();
  }

  /** Returns the standard deviation of each element or channel. */
  public double[] standardDeviation() {
    return standardDeviation.clone();
  }

  /** Returns the statistics as text, numbers and lists, for a checkpoint. */
  public Map<String, Object> state() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("name", name);
    if (channelDim != null) {
      state.put("channelDim", channelDim);
    }
    state.put("mean", list(mean));
    state.put("standardDeviation", list(standardDeviation));
    return state;
  }

  static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  /**
   * Makes the transform whose {@link #state()} this was.
   *
   * @throws FulgurException if something is missing or of another type
   */
  public static Normalize fromState(Map<String, ?> state) {
    Object dim = state.get("channelDim");
    if (!(state.get("name") instanceof String name) || !(dim == null || dim instanceof Number)) {
      throw invalidState(state);
    }
    double[] mean = numbers(state, "mean");
    double[] standardDeviation = numbers(state, "standardDeviation");
    if (mean == null || standardDeviation == null) {
      throw invalidState(state);
    }
    Integer channelDim = dim == null ? null : ((Number) dim).intValue();
    return new Normalize(name, channelDim, mean, standardDeviation);
  }

  /** Returns a list of numbers, or null if there is none. */
  static double @Nullable [] numbers(Map<String, ?> state, String key) {
    if (!(state.get(key) instanceof List<?> list)
        || !list.stream().allMatch(Number.class::isInstance)) {
      return null;
    }
    return list.stream().mapToDouble(number -> ((Number) number).doubleValue()).toArray();
  }

  private static FulgurException invalidState(Map<String, ?> state) {
    return new FulgurException(
        ErrorId.INVALID_ARGUMENT,
        ("%s is not the state of a Normalize. It must have a text \"name\", lists of numbers "
                + "\"mean\" and \"standardDeviation\", and may have a number \"channelDim\".")
            .formatted(state));
  }

  /** Returns e.g. {@code Normalize(image, 64 elements)}. */
  @Override
  public String toString() {
    return "Normalize(%s, %d %s)"
        .formatted(name, mean.length, channelDim == null ? "elements" : "channels");
  }
}
