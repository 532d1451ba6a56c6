package io.fulgur.callback;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A callback that writes checkpoints, so that {@code ckptPath} may be {@code "best"} or {@code
 * "last"}.
 *
 * @since 0.1
 */
public interface CheckpointCallback extends Callback {
  @Override
  default Order order() {
    return Order.CHECKPOINT;
  }

  /** Returns the best checkpoint so far, the newest if nothing is monitored; null if none. */
  @Nullable Path bestModelPath();

  /** Returns the checkpoint that is always the newest; null if none is kept. */
  @Nullable Path lastModelPath();

  /**
   * Returns whether a fit without a checkpoint goes on from {@link #lastModelPath()} if there is
   * one; false unless overridden.
   */
  default boolean resumesByItself() {
    return false;
  }
}
