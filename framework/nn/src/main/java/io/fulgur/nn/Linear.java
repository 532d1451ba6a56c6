package io.fulgur.nn;

import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Affine map {@code y = x Wᵀ + b}.
 *
 * <p>Shapes: input {@code [..., inFeatures]}, weight {@code [outFeatures, inFeatures]}, bias {@code
 * [outFeatures]}, output {@code [..., outFeatures]}. Weight and bias start uniform in
 * ±1/√inFeatures, as {@code torch.nn.Linear}. A wrong last dimension of the input is a {@link
 * io.fulgur.tensor.ShapeException}.
 *
 * @since 0.1
 */
public final class Linear extends Module implements WeightedLayer {
  private final Parameter weight;
  private final @Nullable Parameter bias;

  /**
   * Makes an affine map.
   *
   * @throws io.fulgur.error.FulgurException if a size is not positive
   */
  public Linear(long inFeatures, long outFeatures) {
    this(inFeatures, outFeatures, /* bias= */ true);
  }

  /**
   * Makes an affine map, or a linear one without bias.
   *
   * @throws io.fulgur.error.FulgurException if a size is not positive
   */
  public Linear(long inFeatures, long outFeatures, boolean bias) {
    Checks.require(
        inFeatures > 0 && outFeatures > 0,
        "Linear(inFeatures=%d, outFeatures=%d): both sizes must be positive."
            .formatted(inFeatures, outFeatures));
    double bound = 1 / Math.sqrt((double) inFeatures);
    this.weight = uniform(bound, outFeatures, inFeatures);
    this.bias = bias ? uniform(bound, outFeatures) : null;
  }

  private static Parameter uniform(double bound, long... shape) {
    Parameter parameter = Parameter.of(Tensor.zeros(shape));
    Initializers.uniform(parameter, -bound, bound);
    return parameter;
  }

  /** Returns the weight, {@code [outFeatures, inFeatures]}. */
  @Override
  public Parameter weight() {
    return weight;
  }

  /** Returns the bias, {@code [outFeatures]}, or null if there is none. */
  @Override
  public @Nullable Parameter bias() {
    return bias;
  }

  @Override
  public Tensor forward(Tensor input) {
    return input.linear(weight, bias);
  }

  @Override
  public Tensor forward(Tensor input, Tensor otherWeight) {
    return input.linear(otherWeight, bias);
  }

  @Override
  public String toString() {
    return "Linear(inFeatures=%d, outFeatures=%d, bias=%b)"
        .formatted(weight.size(1), weight.size(0), bias != null);
  }
}
