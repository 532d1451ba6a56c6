package io.fulgur.metric;

/**
 * How the values of classes become one.
 *
 * @since 0.1
 */
public enum Average {
  /** Counts of all classes are summed up first: every sample weighs the same. */
  MICRO,

  /**
   * The mean over classes: every class weighs the same. A class that was neither predicted nor a
   * target, or for which there is no value, is left out.
   */
  MACRO,

  /** The mean over classes, each weighted by how many targets it has. */
  WEIGHTED
}
