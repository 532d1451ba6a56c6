package io.fulgur.log;

/**
 * How a run ended.
 *
 * @since 0.1
 */
public enum RunStatus {
  /** It ran to its end or was asked to stop. */
  SUCCESS,
  /** An exception ended it. */
  FAILED
}
