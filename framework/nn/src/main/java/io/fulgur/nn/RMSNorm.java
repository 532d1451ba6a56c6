package io.fulgur.nn;

import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Normalization;

/**
 * Division by the root mean square {@code y = x / √(mean(x²) + ε) · weight} over the last
 * dimensions, as {@code torch.nn.RMSNorm}.
 *
 * <p>Shapes: input and output {@code [..., normalizedShape]}, weight {@code normalizedShape}, which
 * starts at 1; {@code ε} is 1e-5 unless given.
 *
 * <p>B. Zhang, R. Sennrich, "Root Mean Square Layer Normalization", NeurIPS 2019.
 *
 * @since 0.1
 */
public final class RMSNorm extends Module {
  private static final double DEFAULT_EPSILON = 1e-5;

  private final Parameter weight;
  private final double epsilon;

  /** Makes a normalisation over the last dimensions, whose sizes are given. */
  public RMSNorm(long... normalizedShape) {
    this(Shape.of(normalizedShape), DEFAULT_EPSILON);
  }

  /**
   * Makes a normalisation over the last dimensions with another {@code ε}.
   *
   * @throws io.fulgur.error.FulgurException if the shape is empty or {@code epsilon} is not
   *     positive
   */
  public RMSNorm(Shape normalizedShape, double epsilon) {
    Checks.require(
        normalizedShape.elements() > 0 && normalizedShape.rank() > 0 && epsilon > 0,
        "RMSNorm(%s, epsilon=%s): at least one dimension is needed, none of size 0, and a positive epsilon."
            .formatted(normalizedShape, epsilon));
    this.weight = Parameter.of(Tensor.ones(normalizedShape.toArray()));
    this.epsilon = epsilon;
  }

  /** Returns the weight, of the normalised shape. */
  public Parameter weight() {
    return weight;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Normalization.rmsNorm(input, weight, weight.shape(), epsilon);
  }

  @Override
  public String toString() {
    return "RMSNorm(" + weight.shape() + ", epsilon=" + epsilon + ")";
  }
}
