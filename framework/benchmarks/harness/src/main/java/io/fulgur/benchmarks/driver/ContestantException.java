package io.fulgur.benchmarks.driver;

/** A contestant failed or ended; the others go on without it. */
final class ContestantException extends RuntimeException {
  ContestantException(String message) {
    super(message);
  }

  ContestantException(String message, Throwable cause) {
    super(message, cause);
  }
}
