package io.fulgur.callback.checkpoint;

/**
 * Whether a {@link ModelCheckpoint} keeps {@code last.ckpt}, which is always the newest.
 *
 * @since 0.1
 */
public enum SaveLast {
  /** Keeps none. */
  NO,
  /** Keeps a file of its own. */
  FILE,
  /**
   * Keeps a symbolic link to the newest checkpoint where that one is kept under its own name, else
   * a file. Where links are impossible, a copy. Takes no room of its own.
   */
  LINK
}
