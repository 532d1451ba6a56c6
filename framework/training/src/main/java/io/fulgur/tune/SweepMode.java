package io.fulgur.tune;

/**
 * How the learning rate grows from step to step.
 *
 * @since 0.1
 */
public enum SweepMode {
  /** By the same factor. */
  EXPONENTIAL,
  /** By the same amount. */
  LINEAR;

  /** Returns the learning rate of a step; the first step has the least, the last the greatest. */
  double rate(double least, double greatest, int step, int steps) {
    if (step == steps - 1) {
      return greatest;
    }
    double done = (double) step / (steps - 1);
    return this == EXPONENTIAL
        ? least * Math.pow(greatest / least, done)
        : least + (greatest - least) * done;
  }
}
