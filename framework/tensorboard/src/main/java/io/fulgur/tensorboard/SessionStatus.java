package io.fulgur.tensorboard;

import io.fulgur.tensorboard.proto.Status;

/**
 * How a run ended, as the hparams dashboard shows it.
 *
 * @since 0.1
 */
public enum SessionStatus {
  /** The run did all it was to do. */
  SUCCESS(Status.STATUS_SUCCESS),
  /** The run ended by an error or was stopped. */
  FAILURE(Status.STATUS_FAILURE);

  private final Status proto;

  SessionStatus(Status proto) {
    this.proto = proto;
  }

  Status proto() {
    return proto;
  }
}
