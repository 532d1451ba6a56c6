package io.fulgur.checkpoint;

import io.fulgur.profile.Profiler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Where checkpoints go and in which form. A plugin that keeps them elsewhere replaces {@link
 * SafeTensorsCheckpointIO}; {@link AsyncCheckpointIO} has any other write in the background.
 *
 * <p>Calls come from one thread, and what one asks for must look done to the next: a checkpoint
 * that is still being written {@linkplain #exists exists}, and can be loaded and removed.
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

  /** Returns whether there is a checkpoint at a path; by default whether there is a file. */
  default boolean exists(Path path) {
    return Files.exists(path);
  }

  /**
   * Keeps a checkpoint at a second path, too. What stood there before stays until the copy is
   * whole. By default loads it and saves it again.
   *
   * @throws io.fulgur.error.FulgurException if there is none, or it cannot be saved
   */
  default void copy(Path source, Path target) {
    try (Checkpoint checkpoint = load(source)) {
      save(checkpoint, target);
    }
  }

  /**
   * Lets a second path stand for a checkpoint without keeping it twice, until it is removed; copies
   * it where that is impossible. By default copies.
   *
   * @throws io.fulgur.error.FulgurException if there is none, or it can be neither linked nor
   *     copied
   */
  default void link(Path target, Path link) {
    copy(target, link);
  }

  /**
   * Told when training is under way what its checkpoints are like, so that there is room for them
   * before the first one is due. By default does nothing.
   *
   * @param example makes one, which is not to be saved
   */
  default void prepare(Supplier<Checkpoint> example) {}

  /**
   * Told who measures the runs of the trainer that was built last with it, {@link Profiler#NONE}
   * for nobody, so that what is done on other threads can be told, too. By default does nothing.
   */
  default void profile(Profiler profiler) {}

  /**
   * Waits until everything is done that was asked for; a trainer calls it when a run ends. By
   * default there is nothing to wait for.
   *
   * @throws io.fulgur.error.FulgurException if something failed since the last call of any method
   */
  default void flush() {}
}
