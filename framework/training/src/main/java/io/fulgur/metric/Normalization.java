package io.fulgur.metric;

/**
 * What the entries of a {@link ConfusionMatrix} are divided by.
 *
 * @since 0.1
 */
public enum Normalization {
  /** By how many targets were the class of the row: a row sums up to 1. */
  TRUE,

  /** By how often the class of the column was predicted: a column sums up to 1. */
  PREDICTED,

  /** By the number of samples: everything sums up to 1. */
  ALL
}
