package io.fulgur.tensor.functional;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operator.Output;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.View;

/**
 * The operators behind {@link Sorting}. NaN counts as the largest number; of equal elements the
 * earlier comes first.
 *
 * @since 0.1
 */
public final class SortingOperators {
  /** {@code x -> values, indices}; the attribute is a {@link Sort}. */
  public static final Operator SORT =
      Operator.of(
          "sort",
          (attributes, in) ->
              new Output[] {
                new Output(in[0].dtype(), in[0].shape()), new Output(DType.I64, in[0].shape())
              });

  /** {@code x -> values, indices}, in order; the attribute is a {@link TopK}. */
  public static final Operator TOPK = Operator.of("topk", SortingOperators::topk);

  private SortingOperators() {}

  /** Along which axis, and whether the largest element comes first. */
  public record Sort(int axis, boolean descending) {}

  /** How many elements along which axis, and whether the largest or the smallest. */
  public record TopK(int axis, int k, boolean largest) {}

  private static Output[] topk(Object attributes, View[] in) {
    TopK topk = (TopK) attributes;
    Shape shape = in[0].shape();
    long size = shape.size(topk.axis());
    if (topk.k() < 0 || topk.k() > size) {
      throw ShapeException.mismatch(
          "topk",
          "k is "
              + topk.k()
              + ", but must be in [0, "
              + size
              + "], the size of dimension "
              + topk.axis(),
          shape);
    }
    Shape out = shape.withSize(topk.axis(), topk.k());
    return new Output[] {new Output(in[0].dtype(), out), new Output(DType.I64, out)};
  }
}
