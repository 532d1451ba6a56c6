package io.fulgur.tensor.functional;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operator.Output;
import io.fulgur.tensor.View;

/**
 * The operators behind {@link Scans}. The attribute is a {@link Scan} for {@link #CUMSUM}, else the
 * axis, an Integer counted from the front.
 *
 * @since 0.1
 */
public final class ScanOperators {
  /** {@code x -> y}; integers wrap around. */
  public static final Operator CUMSUM =
      Operator.of("cumsum", ScanOperators::numbers).inSinglePrecision();

  /** {@code x -> y}; integers wrap around. */
  public static final Operator CUMPROD =
      Operator.of("cumprod", ScanOperators::numbers).inSinglePrecision();

  /** {@code grad, x -> dx}. */
  public static final Operator CUMPROD_BACKWARD =
      Operator.of("cumprodBackward", Outputs::sameAsFirst);

  /** {@code x -> values, indices}; NaN is the largest and stays; the last of equal elements. */
  public static final Operator CUMMAX = Operator.of("cummax", ScanOperators::withIndices);

  /** {@code x -> values, indices}; NaN is the smallest and stays; the last of equal elements. */
  public static final Operator CUMMIN = Operator.of("cummin", ScanOperators::withIndices);

  private ScanOperators() {}

  /** Along which axis, and whether from its end. */
  public record Scan(int axis, boolean reverse) {}

  private static Output[] numbers(Object attributes, View[] in) {
    Outputs.requireNumbers("A cumulative sum or product", in[0].dtype());
    return Outputs.sameAsFirst(attributes, in);
  }

  private static Output[] withIndices(Object attributes, View[] in) {
    Outputs.requireNumbers("A cumulative maximum or minimum", in[0].dtype());
    return new Output[] {
      new Output(in[0].dtype(), in[0].shape()), new Output(DType.I64, in[0].shape())
    };
  }
}
