package io.fulgur.nn;

import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * Rectified linear unit {@code x > 0 ? x : weight x} with a learnt slope below 0, for each channel
 * or one for all, as {@code torch.nn.PReLU}.
 *
 * <p>Shapes: input {@code [batch, channels, ...]}, any for a single slope; weight {@code
 * [channels]} or {@code [1]}. Other channels than the weight's are a {@link
 * io.fulgur.tensor.ShapeException}. K. He and others, "Delving Deep into Rectifiers", 2015.
 *
 * @since 0.1
 */
public final class PReLU extends Module {
  private final Parameter weight;

  /** Makes a layer with one slope, which starts at 0.25. */
  public PReLU() {
    this(1, 0.25);
  }

  /**
   * Makes a layer with a slope for each channel.
   *
   * @param channels how many, or 1 for one slope for all
   * @param initial where the slopes start
   * @throws io.fulgur.error.FulgurException if the number of channels is not positive
   */
  public PReLU(long channels, double initial) {
    Checks.require(
        channels > 0, "PReLU needs a positive number of channels, but got " + channels + ".");
    Tensor start = Tensor.zeros(channels);
    start.fill(initial);
    this.weight = Parameter.of(start);
  }

  /** Returns the slopes, {@code [channels]}. */
  public Parameter weight() {
    return weight;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Activations.prelu(input, weight);
  }

  @Override
  public String toString() {
    return "PReLU(channels=" + weight.size(0) + ")";
  }
}
