package io.fulgur.profile;

import java.nio.file.Files;
import java.nio.file.Path;

/** Names of files beside which those of earlier runs stay. */
final class RunFiles {
  private RunFiles() {}

  /** Returns {@code name.extension}, or {@code name-v1.extension} and so on if that is there. */
  static Path unused(Path directory, String name, String extension) {
    Path file = directory.resolve(name + extension);
    for (int version = 1; Files.exists(file); version++) {
      file = directory.resolve(name + "-v" + version + extension);
    }
    return file;
  }
}
