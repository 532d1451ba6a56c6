package io.fulgur.progress;

import org.jspecify.annotations.Nullable;

/**
 * What is shown: what is being done, what within, and metrics.
 *
 * <p>Making a text of the metrics is work, so the training thread does it only after the drawing
 * thread has taken the last one.
 */
final class Scene {
  private final Tally tally;
  private volatile @Nullable Tally inner;
  private volatile String metrics = "";
  private volatile boolean metricsWanted = true;

  Scene(Tally tally) {
    this.tally = tally;
  }

  Tally tally() {
    return tally;
  }

  @Nullable Tally inner() {
    return inner;
  }

  void inner(@Nullable Tally within) {
    inner = within;
  }

  boolean wantsMetrics() {
    return metricsWanted;
  }

  void metrics(String text) {
    metrics = text;
    metricsWanted = false;
  }

  /** Returns the text of the metrics, and asks for a new one. */
  String takeMetrics() {
    metricsWanted = true;
    return metrics;
  }
}
