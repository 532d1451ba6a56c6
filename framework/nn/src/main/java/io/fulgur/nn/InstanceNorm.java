package io.fulgur.nn;

import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Normalization;
import org.jspecify.annotations.Nullable;

/**
 * Normalisation {@code y = (x - mean) / √(variance + ε)} of each channel of each sample, of any
 * number of spatial dimensions, as {@code torch.nn.InstanceNorm1d} to {@code InstanceNorm3d}
 * without running statistics.
 *
 * <p>Shapes: input and output {@code [batch, channels, d...]}, weight and bias, if there are any,
 * {@code [channels]}. Weights start at 1, biases at 0.
 *
 * <p>D. Ulyanov, A. Vedaldi, V. Lempitsky, "Instance Normalization: The Missing Ingredient for Fast
 * Stylization", 2016.
 *
 * @since 0.1
 */
public final class InstanceNorm extends Module {
  private static final double DEFAULT_EPSILON = 1e-5;

  private final @Nullable Parameter weight;
  private final @Nullable Parameter bias;
  private final long numFeatures;
  private final double epsilon;

  /** Makes a normalisation without weight and bias, {@code ε} being 1e-5. */
  public InstanceNorm(long numFeatures) {
    this(numFeatures, DEFAULT_EPSILON, /* affine= */ false);
  }

  /**
   * Makes a normalisation.
   *
   * @param affine whether there are weight and bias
   * @throws io.fulgur.error.FulgurException if the number of channels or {@code epsilon} is not
   *     positive
   */
  public InstanceNorm(long numFeatures, double epsilon, boolean affine) {
    Checks.require(
        numFeatures > 0 && epsilon > 0,
        "InstanceNorm(numFeatures=%d, epsilon=%s): both must be positive."
            .formatted(numFeatures, epsilon));
    this.weight = affine ? Parameter.of(Tensor.ones(numFeatures)) : null;
    this.bias = affine ? Parameter.of(Tensor.zeros(numFeatures)) : null;
    this.numFeatures = numFeatures;
    this.epsilon = epsilon;
  }

  /** Returns the weight, {@code [numFeatures]}, or null if there is none. */
  public @Nullable Parameter weight() {
    return weight;
  }

  /** Returns the bias, {@code [numFeatures]}, or null if there is none. */
  public @Nullable Parameter bias() {
    return bias;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Normalization.instanceNorm(input, weight, bias, epsilon);
  }

  @Override
  public String toString() {
    return "InstanceNorm(%d, epsilon=%s, affine=%b)"
        .formatted(numFeatures, epsilon, weight != null);
  }
}
