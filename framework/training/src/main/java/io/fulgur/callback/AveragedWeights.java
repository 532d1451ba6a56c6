package io.fulgur.callback;

import io.fulgur.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A callback that keeps other weights of the module than those that are being trained, with which
 * the module is validated and which checkpoints hold.
 *
 * @since 0.1
 */
public interface AveragedWeights extends Callback {
  /**
   * Returns those weights by the names of the module's state, null while there are none. The
   * tensors change as training goes on; {@link Tensor#keep()} copies one.
   */
  @Nullable Map<String, Tensor> averagedWeights();
}
