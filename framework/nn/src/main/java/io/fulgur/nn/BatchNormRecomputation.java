package io.fulgur.nn;

import java.util.List;

/**
 * Recomputes the running statistics of batch normalisations: while it is open, each batch that
 * passes through the module counts alike, as {@code torch.optim.swa_utils.update_bn}. Weights that
 * were averaged need it, for they have seen no batch themselves.
 *
 * <pre>{@code
 * try (BatchNormRecomputation recomputation = BatchNormRecomputation.of(model)) {
 *   for (Tensor batch : batches) {
 *     model.call(batch);
 *   }
 * }
 * }</pre>
 *
 * <p>Making one resets the statistics and puts the module into training mode. Closing it puts back
 * the modes and how the layers follow new batches.
 *
 * @since 0.1
 */
public final class BatchNormRecomputation implements AutoCloseable {
  private final List<BatchNormLayer> layers;
  private final TrainingModes modes;

  private BatchNormRecomputation(List<BatchNormLayer> layers, TrainingModes modes) {
    this.layers = layers;
    this.modes = modes;
  }

  /** Starts to recompute the statistics of a module and of all below. */
  public static BatchNormRecomputation of(Module root) {
    TrainingModes modes = TrainingModes.of(root);
    List<BatchNormLayer> layers = tracking(root);
    for (BatchNormLayer layer : layers) {
      layer.resetRunningStats();
      layer.recomputing(true);
    }
    root.train();
    return new BatchNormRecomputation(layers, modes);
  }

  /** Returns whether a module has statistics to recompute. */
  public static boolean isNeeded(Module root) {
    return !tracking(root).isEmpty();
  }

  private static List<BatchNormLayer> tracking(Module root) {
    return root.namedModules().values().stream()
        .filter(BatchNormLayer.class::isInstance)
        .map(BatchNormLayer.class::cast)
        .filter(layer -> layer.runningMean() != null)
        .toList();
  }

  @Override
  public void close() {
    layers.forEach(layer -> layer.recomputing(false));
    modes.restore();
  }
}
