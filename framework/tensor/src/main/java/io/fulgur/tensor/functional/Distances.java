package io.fulgur.tensor.functional;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;

/**
 * Distances between points.
 *
 * @since 0.1
 */
public final class Distances {
  private Distances() {}

  /**
   * Returns the p-norm distance of each row of {@code a} to each row of {@code b}, as {@code
   * torch.cdist}; the gradient is 0 where a distance is. The differences are formed, so that near
   * points lose no precision; memory grows with {@code rowsA * rowsB * width}.
   *
   * @param a {@code [..., rowsA, width]}
   * @param b {@code [..., rowsB, width]}; leading dimensions broadcast
   * @return {@code [..., rowsA, rowsB]}
   */
  public static Tensor cdist(Tensor a, Tensor b, double p) {
    if (a.rank() < 2 || b.rank() < 2 || a.size(-1) != b.size(-1)) {
      throw ShapeException.mismatch(
          "cdist", "needs [..., rows, width] with one width", a.shape(), b.shape());
    }
    Tensor x = Autocast.singlePrecision(a).unsqueeze(-2);
    Tensor y = Autocast.singlePrecision(b).unsqueeze(-3);
    return Norms.norm(x.sub(y), p, /* keepDim= */ false, -1);
  }

  /** Returns the Euclidean distances of rows. */
  public static Tensor cdist(Tensor a, Tensor b) {
    return cdist(a, b, 2);
  }

  /**
   * Returns the p-norm of {@code a - b + epsilon} along the last dimension, which disappears, as
   * {@code torch.nn.functional.pairwise_distance}.
   */
  public static Tensor pairwise(Tensor a, Tensor b, double p, double epsilon) {
    Tensor difference = Autocast.singlePrecision(a).sub(Autocast.singlePrecision(b));
    return Norms.norm(difference.add(epsilon), p, /* keepDim= */ false, -1);
  }
}
