package io.fulgur.callback.stopping;

import io.fulgur.callback.MonitorMode;
import org.jspecify.annotations.Nullable;

/**
 * Decides from a metric's values, one at a time, whether to stop.
 *
 * <p>In this order: a value that is not finite stops, one better than the stopping threshold stops,
 * one worse than the divergence threshold stops; one better than the best so far by more than
 * {@code minDelta} starts the count of checks without improvement anew; when that count reaches
 * {@code patience}, it stops.
 */
final class StoppingRule {
  /**
   * What the rule goes by.
   *
   * @param mode which values are better
   * @param patience how many checks may pass without improvement
   * @param minDelta by how much a value must be better to be an improvement
   * @param checkFinite whether a value that is NaN or infinite stops
   * @param stoppingThreshold stops once a value is better; null for none
   * @param divergenceThreshold stops once a value is worse; null for none
   */
  record Limits(
      MonitorMode mode,
      int patience,
      double minDelta,
      boolean checkFinite,
      @Nullable Double stoppingThreshold,
      @Nullable Double divergenceThreshold) {}

  private final String monitor;
  private final Limits limits;
  private int waitCount;
  private double bestScore;
  private boolean improved;
  private String message = "";

  StoppingRule(String monitor, Limits limits) {
    this.monitor = monitor;
    this.limits = limits;
    this.bestScore = limits.mode().worst();
  }

  /** Goes on from what {@link #waitCount()} and {@link #bestScore()} returned. */
  void restore(int savedWaitCount, double savedBestScore) {
    waitCount = savedWaitCount;
    bestScore = savedBestScore;
  }

  int waitCount() {
    return waitCount;
  }

  double bestScore() {
    return bestScore;
  }

  /** Returns whether the last value is the best so far, by which the rule goes. */
  boolean improved() {
    return improved;
  }

  /** Returns what the last check has to say, in words. */
  String message() {
    return message;
  }

  StoppingReason check(double value) {
    MonitorMode mode = limits.mode();
    Double stopping = limits.stoppingThreshold();
    Double divergence = limits.divergenceThreshold();
    improved = false;
    if (limits.checkFinite() && !Double.isFinite(value)) {
      message =
          "%s is %s, which is not finite; the best value was %s"
              .formatted(monitor, value, bestScore);
      return StoppingReason.NON_FINITE_METRIC;
    }
    if (stopping != null && mode.isBetter(value, stopping)) {
      message =
          "%s is %s, which is better than the stopping threshold %s"
              .formatted(monitor, value, stopping);
      if (mode.isBetter(value, bestScore)) {
        improve(value);
      }
      return StoppingReason.STOPPING_THRESHOLD;
    }
    if (divergence != null && mode.isBetter(divergence, value)) {
      message =
          "%s is %s, which is worse than the divergence threshold %s"
              .formatted(monitor, value, divergence);
      return StoppingReason.DIVERGENCE_THRESHOLD;
    }
    double needed = mode == MonitorMode.MIN ? value + limits.minDelta() : value - limits.minDelta();
    if (mode.isBetter(needed, bestScore)) {
      message = "%s improved from %s to %s".formatted(monitor, bestScore, value);
      improve(value);
      return StoppingReason.NOT_STOPPED;
    }
    waitCount++;
    message =
        "%s has not improved on %s in the last %d checks".formatted(monitor, bestScore, waitCount);
    return waitCount >= limits.patience()
        ? StoppingReason.PATIENCE_EXHAUSTED
        : StoppingReason.NOT_STOPPED;
  }

  private void improve(double value) {
    bestScore = value;
    improved = true;
    waitCount = 0;
  }
}
