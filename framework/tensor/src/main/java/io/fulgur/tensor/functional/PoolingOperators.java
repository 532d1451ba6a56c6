package io.fulgur.tensor.functional;

import io.fulgur.tensor.Composition;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operator.Output;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;

/**
 * The operators that pooling is made of, all composite. {@code d...} are the spatial sizes of the
 * input, {@code e...} those of the output; the attribute is {@link PoolingAttributes}.
 *
 * @since 0.1
 */
public final class PoolingOperators {
  /** The most elements of a window whose positions fit into a byte. */
  private static final int MOST_IN_A_BYTE = 256;

  /**
   * {@code x[n, c, d...] -> y[n, c, e...], index[n, c, e...]}: the maximum of each window, NaN if
   * one is in it, and its position in the window, counted row-major in {@link
   * WindowGeometry#kernel}: of {@link DType#U8}, or {@link DType#I32} where windows have more than
   * 256 elements. The first of equal maxima counts.
   */
  public static final Operator MAX_POOL =
      Operator.of(
          "maxPool",
          (attributes, in) -> {
            PoolingAttributes a = (PoolingAttributes) attributes;
            Shape y = a.window().outputShape(in[0].shape().size(0), in[0].shape().size(1));
            return new Output[] {
              new Output(in[0].dtype(), y, a.format()),
              new Output(indexType(a.window()), y, a.format())
            };
          },
          ComposedPooling::max);

  /** {@code grad, index -> dx}: each gradient goes to where its maximum was. */
  public static final Operator MAX_POOL_BACKWARD =
      Operator.of(
          "maxPoolBackward", PoolingOperators::input, Composition.of(ComposedPooling::maxBackward));

  /** {@code x[n, c, d...] -> y[n, c, e...]}: the mean of each window. */
  public static final Operator AVERAGE_POOL =
      Operator.of(
          "averagePool",
          (attributes, in) -> {
            PoolingAttributes a = (PoolingAttributes) attributes;
            Shape y = a.window().outputShape(in[0].shape().size(0), in[0].shape().size(1));
            return new Output[] {new Output(in[0].dtype(), y, a.format())};
          },
          Composition.of(ComposedPooling::average));

  /** {@code grad[n, c, e...] -> dx[n, c, d...]}: each gradient is spread over its window. */
  public static final Operator AVERAGE_POOL_BACKWARD =
      Operator.of(
          "averagePoolBackward",
          PoolingOperators::input,
          Composition.of(ComposedPooling::averageBackward));

  private PoolingOperators() {}

  private static Output[] input(Object attributes, View[] in) {
    PoolingAttributes a = (PoolingAttributes) attributes;
    Shape x = a.window().inputShape(in[0].shape().size(0), in[0].shape().size(1));
    return new Output[] {new Output(in[0].dtype(), x, a.format())};
  }

  static DType indexType(WindowGeometry window) {
    return window.kernelElements() <= MOST_IN_A_BYTE ? DType.U8 : DType.I32;
  }
}
