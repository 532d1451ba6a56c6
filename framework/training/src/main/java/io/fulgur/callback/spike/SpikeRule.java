package io.fulgur.callback.spike;

import io.fulgur.callback.MonitorMode;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Decides from losses, one at a time, which are spikes: those that are worse than the one before
 * and as far from the mean of the last ones as both tolerances say. Spikes do not enter the mean.
 */
final class SpikeRule {
  /**
   * What the rule goes by.
   *
   * @param mode which losses are better
   * @param window of how many losses the mean is
   * @param warmup how many losses are never spikes
   * @param atol how far from the mean a spike is; null for any distance
   * @param rtol how far from the mean a spike is, in multiples of it; null for any distance
   * @param finiteOnly whether a loss that is NaN or infinite is a spike; else it is passed over
   */
  record Limits(
      MonitorMode mode,
      int window,
      long warmup,
      @Nullable Double atol,
      @Nullable Double rtol,
      boolean finiteOnly) {}

  private final Limits limits;
  private final Deque<Double> recent = new ArrayDeque<>();
  private long seen;

  SpikeRule(Limits limits) {
    this.limits = limits;
  }

  /** Goes on from what {@link #seen()} and {@link #recent()} returned. */
  void restore(long savedSeen, double... savedRecent) {
    seen = savedSeen;
    recent.clear();
    for (double loss : savedRecent) {
      recent.add(loss);
    }
  }

  long seen() {
    return seen;
  }

  /** Returns the losses of which the mean is, the newest last. */
  double[] recent() {
    return recent.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Returns the mean of the last losses; NaN before the first. */
  double mean() {
    return recent.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  /** Returns whether a loss is a spike. */
  boolean check(double loss) {
    boolean warm = seen++ >= limits.warmup();
    boolean finite = Double.isFinite(loss);
    if (warm && (finite ? isFarOff(loss) : limits.finiteOnly())) {
      return true;
    }
    if (finite) {
      recent.add(loss);
      if (recent.size() > limits.window()) {
        recent.remove();
      }
    }
    return false;
  }

  private boolean isFarOff(double loss) {
    Double last = recent.peekLast();
    if (last == null || !limits.mode().isBetter(last, loss)) {
      return false;
    }
    double mean = mean();
    double distance = Math.abs(loss - mean);
    Double atol = limits.atol();
    Double rtol = limits.rtol();
    return (atol == null || distance >= atol)
        && (rtol == null || distance >= Math.abs(rtol * mean));
  }
}
