package io.fulgur.loop;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Arrays;

/** Where in an epoch a fit stands: what it does next if it goes on from a checkpoint. */
enum Place {
  /** The epoch is still to be announced. */
  EPOCH_START,
  /** The next batch is still to be trained on; after the last one, the epoch is to be ended. */
  BATCH,
  /**
   * A batch is being trained on, and a part of that cannot be taken back: {@link BatchParts} tells
   * what is left.
   */
  WITHIN_BATCH,
  /** A batch has been trained on, and what follows it is still to be done: it may be validation. */
  AFTER_BATCH;

  /**
   * Returns the place of a name in a checkpoint.
   *
   * @throws FulgurException if there is none
   */
  static Place of(String name) {
    for (Place place : values()) {
      if (place.name().equals(name)) {
        return place;
      }
    }
    throw new FulgurException(
        ErrorId.CHECKPOINT_MISMATCH,
        "It says that training goes on at \"%s\", which is none of %s. Load the weights only."
            .formatted(name, Arrays.toString(values())));
  }
}
