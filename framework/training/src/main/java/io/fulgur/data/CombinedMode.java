package io.fulgur.data;

/**
 * When an epoch of {@linkplain DataLoader#combine combined} loaders ends, as Lightning's {@code
 * CombinedLoader}.
 *
 * @since 0.1
 */
public enum CombinedMode {
  /** With the shortest loader. Every batch has a part of each. */
  MIN_SIZE,
  /**
   * With the longest loader, while the others start again, in a new order if they shuffle. Every
   * batch has a part of each.
   */
  MAX_SIZE_CYCLE,
  /** With the longest loader. A batch has no part of a loader that has come to its end before. */
  MAX_SIZE,
  /** After all loaders, read one after the other. A batch has the part of one loader only. */
  SEQUENTIAL
}
