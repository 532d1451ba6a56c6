package io.fulgur.tune;

/**
 * How a {@link BatchSizeFinder} looks for the largest batch size.
 *
 * @since 0.1
 */
public enum BatchSizeMode {
  /** Doubles it as long as the memory suffices. */
  POWER,
  /** Doubles it until the memory does not suffice, then halves the interval in between. */
  BINSEARCH
}
