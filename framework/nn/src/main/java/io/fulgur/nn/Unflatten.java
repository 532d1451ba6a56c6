package io.fulgur.nn;

import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;

/**
 * Divides a dimension into several, as {@code torch.nn.Unflatten}. The output is a view where it
 * can be.
 *
 * @since 0.1
 */
public final class Unflatten extends Module {
  private final int dim;
  private final long[] sizes;

  /**
   * Makes a layer that divides dimension {@code dim}.
   *
   * @param sizes what it becomes; their product is the size of the dimension
   */
  public Unflatten(int dim, long... sizes) {
    Checks.require(
        sizes.length > 0 && Arrays.stream(sizes).allMatch(s -> s > 0),
        "Unflatten(dim=%d, sizes=%s): at least one size is needed, and all must be positive."
            .formatted(dim, Arrays.toString(sizes)));
    this.dim = dim;
    this.sizes = sizes.clone();
  }

  @Override
  public Tensor forward(Tensor input) {
    int axis = input.shape().axis(dim);
    long product = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
    if (input.size(axis) != product) {
      throw ShapeException.mismatch(
          "Unflatten",
          "dimension %d of size %d cannot become %s"
              .formatted(dim, input.size(axis), Arrays.toString(sizes)),
          input.shape());
    }
    long[] shape = input.shape().toArray();
    long[] divided = new long[shape.length - 1 + sizes.length];
    System.arraycopy(shape, 0, divided, 0, axis);
    System.arraycopy(sizes, 0, divided, axis, sizes.length);
    System.arraycopy(shape, axis + 1, divided, axis + sizes.length, shape.length - axis - 1);
    return input.reshape(divided);
  }

  @Override
  public String toString() {
    return "Unflatten(dim=" + dim + ", sizes=" + Arrays.toString(sizes) + ")";
  }
}
