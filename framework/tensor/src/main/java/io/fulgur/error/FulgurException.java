package io.fulgur.error;

/**
 * Something a user can mend: a wrong shape, an unknown metric, a file that cannot be read.
 *
 * <p>The message says what happened, with which value, what is allowed, and what to do. It starts
 * with the {@linkplain #id() identifier} in brackets, so that it can be searched for.
 *
 * @since 0.1
 */
public class FulgurException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorId id;

  /** Makes an exception whose message is {@code "[id] message"}. */
  public FulgurException(ErrorId id, String message) {
    super("[" + id.label() + "] " + message);
    this.id = id;
  }

  /** Makes an exception whose message is {@code "[id] message"}, caused by another. */
  public FulgurException(ErrorId id, String message, Throwable cause) {
    super("[" + id.label() + "] " + message, cause);
    this.id = id;
  }

  /** Returns what kind of mistake this is. */
  public ErrorId id() {
    return id;
  }
}
