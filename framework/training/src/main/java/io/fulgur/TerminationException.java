package io.fulgur;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;

/**
 * A run that was ended from outside at a safe point: the process was asked to end, by SIGTERM,
 * Ctrl-C or {@link System#exit}, or the thread of the run was interrupted.
 *
 * <p>Callbacks are told of it by {@code onException}, where a checkpoint callback saves what the
 * run needs to go on.
 *
 * @since 0.1
 */
public final class TerminationException extends FulgurException {
  private static final long serialVersionUID = 1L;

  /** Makes the exception. */
  public TerminationException(String message) {
    super(ErrorId.TERMINATED, message);
  }
}
