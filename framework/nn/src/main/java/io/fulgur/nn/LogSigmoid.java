package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * {@code log(sigmoid(x))}, element by element, as {@code torch.nn.LogSigmoid}.
 *
 * @since 0.1
 */
public final class LogSigmoid extends Module {
  /** Makes the layer. */
  public LogSigmoid() {}

  @Override
  public Tensor forward(Tensor input) {
    return Activations.logSigmoid(input);
  }
}
