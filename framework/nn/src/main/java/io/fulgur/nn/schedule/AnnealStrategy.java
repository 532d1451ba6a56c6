package io.fulgur.nn.schedule;

/**
 * Along what a number changes from one value to another.
 *
 * @since 0.1
 */
public enum AnnealStrategy {
  /** Half a cosine: slowly at both ends. */
  COSINE {
    @Override
    double between(double start, double end, double part) {
      return end + (start - end) / 2 * (Math.cos(Math.PI * part) + 1);
    }
  },
  /** A straight line. */
  LINEAR {
    @Override
    double between(double start, double end, double part) {
      return (end - start) * part + start;
    }
  };

  /**
   * Returns the value on the way.
   *
   * @param part how much of the way has been gone, from 0 to 1
   */
  abstract double between(double start, double end, double part);
}
