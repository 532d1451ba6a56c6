package io.fulgur.nn;

import io.fulgur.tensor.Functional;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;

/**
 * Dropout of whole channels: in training mode each channel of each sample is zeroed with
 * probability {@code p} and the others are scaled by {@code 1 / (1 - p)}; in evaluation mode the
 * input is returned. As {@code torch.nn.Dropout2d}; any number of spatial dimensions will do.
 *
 * <p>Shapes: input and output {@code [batch, channels, d...]}. Draws from {@link
 * Generator#defaultGenerator()}.
 *
 * <p>J. Tompson et al., "Efficient Object Localization Using Convolutional Networks", CVPR 2015.
 *
 * @since 0.1
 */
public final class Dropout2d extends Module {
  private final double p;

  /**
   * Makes a dropout layer.
   *
   * @param p the probability of a channel to be zeroed
   * @throws io.fulgur.error.FulgurException if {@code p} is not in {@code [0, 1]}
   */
  public Dropout2d(double p) {
    Checks.require(
        p >= 0 && p <= 1, "Dropout2d: p is " + p + "; allowed is a probability, 0 to 1.");
    this.p = p;
  }

  @Override
  public Tensor forward(Tensor input) {
    if (!isTraining() || p == 0) {
      return input;
    }
    if (input.rank() < 3) {
      throw ShapeException.mismatch(
          "Dropout2d", "the input must be [batch, channels, d...]", input.shape());
    }
    long[] perChannel = input.shape().toArray();
    Arrays.fill(perChannel, 2, perChannel.length, 1);
    Tensor scales =
        Functional.dropout(Tensor.ones(input.dtype(), perChannel), p, Generator.defaultGenerator());
    return input.mul(scales);
  }

  @Override
  public String toString() {
    return "Dropout2d(p=" + p + ")";
  }
}
