package io.fulgur.nn;

import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Normalization;
import org.jspecify.annotations.Nullable;

/**
 * Normalisation {@code y = (x - mean) / √(variance + ε) · weight + bias} of each group of channels
 * of each sample, as {@code torch.nn.GroupNorm}.
 *
 * <p>Shapes: input and output {@code [batch, channels, ...]}, weight and bias {@code [channels]}.
 * Weights start at 1, biases at 0.
 *
 * <p>Y. Wu, K. He, "Group Normalization", ECCV 2018.
 *
 * @since 0.1
 */
public final class GroupNorm extends Module {
  private static final double DEFAULT_EPSILON = 1e-5;

  private final @Nullable Parameter weight;
  private final @Nullable Parameter bias;
  private final int numGroups;
  private final long numChannels;
  private final double epsilon;

  /**
   * Makes a normalisation with weight and bias and {@code ε} 1e-5.
   *
   * @throws io.fulgur.error.FulgurException if the channels cannot be divided into the groups
   */
  public GroupNorm(int numGroups, long numChannels) {
    this(numGroups, numChannels, DEFAULT_EPSILON, /* affine= */ true);
  }

  /**
   * Makes a normalisation.
   *
   * @param affine whether there are weight and bias
   * @throws io.fulgur.error.FulgurException if the channels cannot be divided into the groups, or
   *     {@code epsilon} is not positive
   */
  public GroupNorm(int numGroups, long numChannels, double epsilon, boolean affine) {
    Checks.require(
        numGroups > 0 && numChannels > 0 && numChannels % numGroups == 0,
        "GroupNorm(numGroups=%d, numChannels=%d): both must be positive, and the channels divisible."
            .formatted(numGroups, numChannels));
    Checks.require(epsilon > 0, "GroupNorm: epsilon is " + epsilon + ", but must be positive.");
    this.weight = affine ? Parameter.of(Tensor.ones(numChannels)) : null;
    this.bias = affine ? Parameter.of(Tensor.zeros(numChannels)) : null;
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.epsilon = epsilon;
  }

  /** Returns the weight, {@code [numChannels]}, or null if there is none. */
  public @Nullable Parameter weight() {
    return weight;
  }

  /** Returns the bias, {@code [numChannels]}, or null if there is none. */
  public @Nullable Parameter bias() {
    return bias;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Normalization.groupNorm(input, numGroups, weight, bias, epsilon);
  }

  @Override
  public String toString() {
    return "GroupNorm(%d, %d, epsilon=%s, affine=%b)"
        .formatted(numGroups, numChannels, epsilon, weight != null);
  }
}
