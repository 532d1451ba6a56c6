package io.fulgur.callback.stopping;

/**
 * Why {@link EarlyStopping} has stopped training.
 *
 * @since 0.1
 */
public enum StoppingReason {
  /** It has not. */
  NOT_STOPPED,
  /** The metric is better than the stopping threshold. */
  STOPPING_THRESHOLD,
  /** The metric is worse than the divergence threshold. */
  DIVERGENCE_THRESHOLD,
  /** The metric has not improved for too many checks. */
  PATIENCE_EXHAUSTED,
  /** The metric is NaN or infinite. */
  NON_FINITE_METRIC
}
