package io.fulgur.checkpoint;

/**
 * Something whose progress is saved in a checkpoint: a loop, a callback, a schedule, a loader.
 *
 * @since 0.1
 */
public interface Stateful {
  /** Returns everything needed to go on from here. Its tensors may be live: they are not copied. */
  State state();

  /**
   * Goes on from a state that {@link #state()} returned earlier, perhaps in another process.
   *
   * <p>Tensors must be copied, e.g. with {@link io.fulgur.tensor.Tensor#assign}: those of the state
   * are freed once everything is restored.
   *
   * @throws io.fulgur.error.FulgurException if the state does not fit this object
   */
  void loadState(State state);
}
