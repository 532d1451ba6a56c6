package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * Softmax over the channels at each place of an image, as {@code torch.nn.Softmax2d}.
 *
 * <p>Shapes: input {@code [batch, channels, height, width]} or {@code [channels, height, width]},
 * output the same. Another rank is a {@link io.fulgur.tensor.ShapeException}.
 *
 * @since 0.1
 */
public final class Softmax2d extends Module {
  /** Makes the layer. */
  public Softmax2d() {}

  @Override
  public Tensor forward(Tensor input) {
    return Activations.softmax2d(input);
  }
}
