package io.fulgur.log;

import java.nio.file.Path;

/** A logger that writes a file into the folder of the run. */
abstract class FolderLogger implements Logger {
  final RunFolder folder;
  private final PrefixedMetrics prefixed;

  /**
   * @param prefix what stands before the names of metrics; empty for nothing
   */
  FolderLogger(RunFolder folder, String prefix) {
    this.folder = folder;
    this.prefixed = new PrefixedMetrics(prefix);
  }

  /** Returns metrics under the names that the file has, valid until the next call. */
  final Metrics named(Metrics metrics) {
    return prefixed.of(metrics);
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
