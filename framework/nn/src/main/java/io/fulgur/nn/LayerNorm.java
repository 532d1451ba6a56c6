package io.fulgur.nn;

import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Normalization;

/**
 * Layer normalisation {@code y = (x - mean) / √(variance + ε) · w + b} over the last dimensions, as
 * {@code torch.nn.LayerNorm}.
 *
 * <p>Shapes: input and output {@code [..., normalizedShape]}, weight and bias {@code
 * normalizedShape}. Mean and (biased) variance are those of each slice. Weight starts at 1, bias at
 * 0; {@code ε} is 1e-5 unless given.
 *
 * <p>J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer Normalization", 2016.
 *
 * @since 0.1
 */
public final class LayerNorm extends Module {
  private static final double DEFAULT_EPSILON = 1e-5;

  private final Parameter weight;
  private final Parameter bias;
  private final double epsilon;

  /** Makes a normalisation over the last dimensions, whose sizes are given. */
  public LayerNorm(long... normalizedShape) {
    this(Shape.of(normalizedShape), DEFAULT_EPSILON);
  }

  /**
   * Makes a normalisation over the last dimensions with another {@code ε}.
   *
   * @throws io.fulgur.error.FulgurException if the shape is empty or {@code epsilon} is not
   *     positive
   */
  public LayerNorm(Shape normalizedShape, double epsilon) {
    Checks.require(
        normalizedShape.elements() > 0 && normalizedShape.rank() > 0,
        "LayerNorm over %s: at least one dimension is needed, and no size may be 0."
            .formatted(normalizedShape));
    Checks.require(epsilon > 0, "LayerNorm: epsilon is " + epsilon + ", but must be positive.");
    this.weight = Parameter.of(Tensor.ones(normalizedShape.toArray()));
    this.bias = Parameter.of(Tensor.zeros(normalizedShape.toArray()));
    this.epsilon = epsilon;
  }

  /** Returns the weight, of the normalised shape. */
  public Parameter weight() {
    return weight;
  }

  /** Returns the bias, of the normalised shape. */
  public Parameter bias() {
    return bias;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Normalization.layerNorm(input, weight, bias, weight.shape(), epsilon);
  }

  @Override
  public String toString() {
    return "LayerNorm(" + weight.shape() + ", epsilon=" + epsilon + ")";
  }
}
