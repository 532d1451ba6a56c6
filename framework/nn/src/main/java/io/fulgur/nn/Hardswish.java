package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * {@code x min(max(x + 3, 0), 6) / 6}, element by element, as {@code torch.nn.Hardswish}.
 *
 * <p>A. Howard and others, "Searching for MobileNetV3", 2019.
 *
 * @since 0.1
 */
public final class Hardswish extends Module {
  /** Makes the layer. */
  public Hardswish() {}

  @Override
  public Tensor forward(Tensor input) {
    return Activations.hardswish(input);
  }
}
