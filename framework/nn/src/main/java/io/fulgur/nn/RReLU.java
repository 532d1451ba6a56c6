package io.fulgur.nn;

import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;
import org.jspecify.annotations.Nullable;

/**
 * Rectified linear unit {@code x >= 0 ? x : r x} with a random slope below 0, as {@code
 * torch.nn.RReLU}: in training drawn uniformly from {@code [lower, upper)} for each element, else
 * the mean of the bounds.
 *
 * <p>B. Xu and others, "Empirical Evaluation of Rectified Activations in Convolution Network",
 * 2015.
 *
 * @since 0.1
 */
public final class RReLU extends Module {
  private final double lower;
  private final double upper;
  private final @Nullable Generator generator;

  /** Makes the layer with slopes from 1/8 to 1/3, drawn by the thread's default generator. */
  public RReLU() {
    this(1.0 / 8, 1.0 / 3);
  }

  /** Makes the layer, whose slopes the thread's default generator draws. */
  public RReLU(double lower, double upper) {
    this(lower, upper, null);
  }

  /**
   * Makes the layer.
   *
   * @param lower the least slope
   * @param upper the largest slope
   * @param generator draws the slopes; null for the thread's default
   * @throws io.fulgur.error.FulgurException unless {@code lower <= upper}
   */
  public RReLU(double lower, double upper, @Nullable Generator generator) {
    Checks.require(
        lower <= upper, "RReLU needs lower <= upper, but got " + lower + " and " + upper + ".");
    this.lower = lower;
    this.upper = upper;
    this.generator = generator;
  }

  @Override
  public Tensor forward(Tensor input) {
    Generator draws = generator == null ? Generator.defaultGenerator() : generator;
    return Activations.rrelu(input, lower, upper, isTraining(), draws);
  }

  @Override
  public String toString() {
    return "RReLU(lower=" + lower + ", upper=" + upper + ")";
  }
}
