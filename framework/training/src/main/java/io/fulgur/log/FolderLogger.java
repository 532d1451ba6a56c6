package io.fulgur.log;

import java.nio.file.Path;

/** A logger that writes a file into the folder of the run. */
abstract class FolderLogger implements Logger {
  final RunFolder folder;

  FolderLogger(RunFolder folder) {
    this.folder = folder;
  }

  @Override
  public final String name() {
    return folder.name();
  }

  @Override
  public final String version() {
    return folder.version();
  }

  @Override
  public final Path saveDir() {
    return folder.saveDir();
  }

  @Override
  public final Path logDir() {
    return folder.path();
  }
}
