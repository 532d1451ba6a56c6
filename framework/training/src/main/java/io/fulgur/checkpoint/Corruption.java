package io.fulgur.checkpoint;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.nio.file.Path;

/** The error of a file that does not hold what a safetensors file must hold. */
final class Corruption {
  private Corruption() {}

  static FulgurException of(Path file, String problem) {
    return new FulgurException(ErrorId.CHECKPOINT_CORRUPT, message(file, problem));
  }

  static FulgurException of(Path file, String problem, Throwable cause) {
    return new FulgurException(ErrorId.CHECKPOINT_CORRUPT, message(file, problem), cause);
  }

  private static String message(Path file, String problem) {
    return "%s cannot be read as a safetensors file: %s. Use another checkpoint or copy this one again from where it is whole."
        .formatted(file, problem);
  }
}
