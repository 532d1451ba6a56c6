package io.fulgur.tensor.functional;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;

/**
 * Summaries of a tensor's values, beyond the reductions that are methods of {@link Tensor}.
 *
 * @since 0.1
 */
public final class Statistics {
  private Statistics() {}

  /**
   * Returns the standard deviation over some dimensions, all if none are named; the gradient is 0
   * where it is 0.
   *
   * @param correction 1 for the unbiased estimate of the variance, 0 for that of the values
   */
  public static Tensor std(Tensor input, int correction, boolean keepDim, int... dims) {
    Tensor variance = input.variance(correction, keepDim, dims);
    Tensor zero = variance.detach().eq(0);
    return variance.maskedFill(zero, 1).sqrt().maskedFill(zero, 0);
  }

  /** Returns how many elements are not 0 (or are true) over some dimensions, all if none. */
  public static Tensor countNonzero(Tensor input, boolean keepDim, int... dims) {
    Tensor nonzero = input.dtype() == DType.BOOL ? input : input.ne(0);
    return nonzero.to(DType.I64).sum(keepDim, dims);
  }

  /**
   * Returns the median along a dimension, which disappears: of an even number the lower of the two
   * in the middle, as {@code torch.median}. NaN if any element is.
   */
  public static ValuesAndIndices median(Tensor input, int dim) {
    Tensor x = input.rank() == 0 ? input.reshape(1) : input;
    int axis = x.shape().axis(dim);
    requireElements("median", x, axis);
    ValuesAndIndices sorted = Sorting.sort(x, axis);
    Tensor at = rank(sorted.values(), axis, (x.size(axis) - 1) / 2);
    return new ValuesAndIndices(
        sorted.values().gather(axis, at).squeeze(axis),
        sorted.indices().gather(axis, at).squeeze(axis));
  }

  /** Returns the rank to take: the given one, or the last where that is a NaN. */
  private static Tensor rank(Tensor sorted, int axis, long rank) {
    long last = sorted.size(axis) - 1;
    Tensor largest = sorted.detach().slice(axis, last, last + 1);
    Tensor usual = Tensor.full((double) rank, DType.I64, largest.shape().toArray());
    return largest.dtype().isFloating() ? usual.maskedFill(largest.isNan(), (double) last) : usual;
  }

  /** How a quantile between two elements is made of them. */
  public enum Interpolation {
    /** In proportion to the distances. */
    LINEAR,
    /** The lower element. */
    LOWER,
    /** The higher element. */
    HIGHER,
    /** The mean of both. */
    MIDPOINT,
    /** The nearer element, the one of even rank at equal distance. */
    NEAREST
  }

  /** As {@link #quantile(Tensor, double, int, boolean, Interpolation)}, linearly interpolated. */
  public static Tensor quantile(Tensor input, double q, int dim, boolean keepDim) {
    return quantile(input, q, dim, keepDim, Interpolation.LINEAR);
  }

  /**
   * Returns the value below which a fraction {@code q} of the elements along a dimension lies, as
   * {@code torch.quantile}. NaN if any element is.
   *
   * @param q in {@code [0, 1]}
   */
  public static Tensor quantile(
      Tensor input, double q, int dim, boolean keepDim, Interpolation interpolation) {
    Arguments.requireFloating("quantile", input);
    Arguments.require(q >= 0 && q <= 1, "quantile needs q in [0, 1], but got %s.", q);
    Tensor given = Autocast.singlePrecision(input);
    Tensor x = given.rank() == 0 ? given.reshape(1) : given;
    int axis = x.shape().axis(dim);
    requireElements("quantile", x, axis);
    double rank = q * (x.size(axis) - 1);
    Tensor sorted = Sorting.sort(x, axis).values();
    Tensor low = sorted.gather(axis, rank(sorted, axis, (long) Math.floor(rank)));
    Tensor high = sorted.gather(axis, rank(sorted, axis, (long) Math.ceil(rank)));
    Tensor out =
        switch (interpolation) {
          case LINEAR -> Pointwise.lerp(low, high, rank - Math.floor(rank));
          case LOWER -> low;
          case HIGHER -> high;
          case MIDPOINT -> Pointwise.lerp(low, high, 0.5);
          case NEAREST -> sorted.gather(axis, rank(sorted, axis, (long) Math.rint(rank)));
        };
    return keepDim && input.rank() > 0 ? out : out.squeeze(axis);
  }

  private static void requireElements(String function, Tensor x, int axis) {
    if (x.size(axis) == 0) {
      throw ShapeException.mismatch(
          function, "dimension " + axis + " is empty, so there is none", x.shape());
    }
  }

  /**
   * Returns how often each number of {@code 0, 1, ...} occurs, as {@code torch.bincount}.
   *
   * @param input a vector of integers, not negative
   * @param minLength the least size of the result, which else is the largest number plus 1
   */
  public static Tensor bincount(Tensor input, int minLength) {
    return Tensor.of(
        Arrays.stream(bins(input, Tensor.onesLike(input), minLength))
            .mapToLong(x -> (long) x)
            .toArray(),
        binsOf(input, minLength));
  }

  /** As {@link #bincount(Tensor, int)}, but sums weights of the input's shape. */
  public static Tensor bincount(Tensor input, Tensor weights, int minLength) {
    return Tensor.of(bins(input, weights, minLength), binsOf(input, minLength)).to(weights.dtype());
  }

  private static double[] bins(Tensor input, Tensor weights, int minLength) {
    if (input.rank() != 1 || !input.shape().equals(weights.shape())) {
      throw ShapeException.mismatch(
          "bincount", "needs a vector, and weights of its shape", input.shape(), weights.shape());
    }
    long[] values = input.toLongArray();
    double[] w = weights.toDoubleArray();
    double[] bins = new double[(int) binsOf(input, minLength)];
    for (int i = 0; i < values.length; i++) {
      Arguments.require(
          values[i] >= 0, "bincount counts numbers >= 0, but found %d at index %d.", values[i], i);
      bins[(int) values[i]] += w[i];
    }
    return bins;
  }

  private static long binsOf(Tensor input, int minLength) {
    if (input.dtype().isFloating() || input.dtype() == DType.BOOL) {
      throw DTypeException.unsupported("bincount", input.dtype(), "an integer type");
    }
    return Math.max(minLength, Arrays.stream(input.toLongArray()).max().orElse(-1) + 1);
  }

  /**
   * Returns how many elements fall into each of {@code bins} equal parts of {@code [low, high]},
   * whose upper end belongs to the last, as {@code torch.histc}. Others are not counted.
   *
   * @param low less than {@code high}, or both equal for the least and the largest element
   */
  public static Tensor histogram(Tensor input, int bins, double low, double high) {
    Arguments.requireFloating("histogram", input);
    Arguments.require(
        bins > 0 && low <= high,
        "histogram needs bins > 0 and low <= high, but got %d bins from %s to %s.",
        bins,
        low,
        high);
    double[] values = input.toDoubleArray();
    double from = low;
    double to = high;
    if (low == high) {
      from = Arrays.stream(values).min().orElse(low);
      to = Arrays.stream(values).max().orElse(high);
    }
    if (from == to) {
      from -= 1;
      to += 1;
    }
    double[] counts = new double[bins];
    for (double value : values) {
      if (value >= from && value <= to) {
        counts[Math.min(bins - 1, (int) ((value - from) / (to - from) * bins))]++;
      }
    }
    return Tensor.of(counts, bins).to(input.dtype());
  }

  /**
   * The different values of a tensor.
   *
   * @param values in ascending order
   * @param inverse for each element of the input the index of its value, of the input's shape
   * @param counts how often each value occurs
   */
  public record Unique(Tensor values, Tensor inverse, Tensor counts) {}

  /**
   * Returns the different values, as {@code torch.unique(return_inverse=True, return_counts=True)}.
   * Each NaN is a value of its own. Not differentiable.
   */
  public static Unique unique(Tensor input) {
    ValuesAndIndices sorted = Sorting.sort(input.detach().reshape(-1), 0);
    Tensor values = sorted.values();
    int n = (int) values.elements();
    long[] order = sorted.indices().toLongArray();
    float[] begins = new float[n];
    if (n > 1) {
      float[] differs = values.slice(0, 1, n).ne(values.slice(0, 0, n - 1)).toFloatArray();
      System.arraycopy(differs, 0, begins, 1, n - 1);
    }
    long[] inverse = new long[n];
    long[] firsts = new long[n];
    long[] counts = new long[n];
    int count = 0;
    for (int i = 0; i < n; i++) {
      if (i == 0 || begins[i] != 0) {
        firsts[count++] = i;
      }
      counts[count - 1]++;
      inverse[(int) order[i]] = count - 1L;
    }
    Tensor places = Tensor.of(Arrays.copyOf(firsts, count), count);
    return new Unique(
        values.indexSelect(0, places),
        Tensor.of(inverse, input.shape().toArray()),
        Tensor.of(Arrays.copyOf(counts, count), count));
  }
}
