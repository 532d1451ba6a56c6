package io.fulgur.log;

/**
 * How the values logged under one name in an epoch become the epoch's value.
 *
 * @since 0.1
 */
public enum Reduction {
  /** The mean, each value weighted by its batch size: {@code Σ vᵢ bᵢ / Σ bᵢ}. */
  MEAN,
  /** The sum of the values, not weighted. */
  SUM,
  /** The smallest value. */
  MIN,
  /** The largest value. */
  MAX
}
