package io.fulgur.checkpoint;

import java.nio.file.Path;

/**
 * Where checkpoints go and in which form. A plugin that keeps them elsewhere, or writes them in the
 * background, replaces {@link SafeTensorsCheckpointIO}.
 *
 * @since 0.1
 */
public interface CheckpointIO {
  /**
   * Saves a checkpoint. What stood at the path before stays until the new one is whole.
   *
   * <p>The tensors are live: whoever writes after this method has returned must copy them first.
   *
   * @throws io.fulgur.error.FulgurException if it cannot be saved; nothing is left behind then
   */
  void save(Checkpoint checkpoint, Path path);

  /**
   * Loads a checkpoint; close it when everything is restored.
   *
   * @throws io.fulgur.error.FulgurException if there is none, or it is damaged, or too new
   */
  Checkpoint load(Path path);

  /**
   * Loads a checkpoint without its states, for prediction or for other training; close it when the
   * weights are restored.
   *
   * @throws io.fulgur.error.FulgurException if there is none, or it is damaged, or too new
   */
  default Checkpoint loadWeights(Path path) {
    return load(path);
  }

  /**
   * Loads what a checkpoint tells without its tensors.
   *
   * @throws io.fulgur.error.FulgurException if there is none, or it is damaged, or too new
   */
  CheckpointMetadata loadMetadata(Path path);

  /**
   * Removes a checkpoint; nothing happens if there is none.
   *
   * @throws io.fulgur.error.FulgurException if it cannot be removed
   */
  void remove(Path path);
}
