package io.fulgur.callback;

/**
 * Which values of a monitored metric are better.
 *
 * @since 0.1
 */
public enum MonitorMode {
  /** Smaller ones, as for a loss. */
  MIN,
  /** Greater ones, as for an accuracy. */
  MAX;

  /** Returns whether a value is strictly better than another. NaN never is. */
  public boolean isBetter(double value, double than) {
    return this == MIN ? value < than : value > than;
  }

  /** Returns the worst value there is. */
  public double worst() {
    return this == MIN ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
  }
}
