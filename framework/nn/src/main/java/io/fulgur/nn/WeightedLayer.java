package io.fulgur.nn;

import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A layer that is a product with a weight, which may be computed from other parameters: what {@link
 * WeightNorm} and {@link SpectralNorm} can be put around.
 *
 * @since 0.1
 */
public interface WeightedLayer {
  /** Returns the weight. */
  Parameter weight();

  /** Returns the bias, or null if there is none. */
  @Nullable Parameter bias();

  /** Computes the output with another weight of the same shape. */
  Tensor forward(Tensor input, Tensor weight);

  /** Returns which dimension of the weight counts the outputs: 0, or 1 of transposed layers. */
  default int outputDimension() {
    return 0;
  }
}
