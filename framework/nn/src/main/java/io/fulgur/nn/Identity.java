package io.fulgur.nn;

import io.fulgur.tensor.Tensor;

/**
 * The layer that returns its input, e.g. in the place of one left out.
 *
 * @since 0.1
 */
public final class Identity extends Module {
  /** Makes the layer. */
  public Identity() {}

  @Override
  public Tensor forward(Tensor input) {
    return input;
  }
}
