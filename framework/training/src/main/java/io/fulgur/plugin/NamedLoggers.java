package io.fulgur.plugin;

import io.fulgur.log.CsvLogger;
import io.fulgur.log.Logger;
import io.fulgur.log.RunFolder;
import io.fulgur.log.TensorBoardLogger;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a file needs to make loggers: the options of their builders, and those of the {@link
 * RunFolder}, which in code is an object of its own.
 */
@SuppressWarnings("UnusedMethod") // Called by name.
final class NamedLoggers {
  private NamedLoggers() {}

  /** The folders of a trainer's run by where they are asked for. */
  static final class RunFolders {
    private final Map<Place, RunFolder> folders = new HashMap<>();

    private RunFolder at(Place place) {
      return folders.computeIfAbsent(place, Place::folder);
    }
  }

  /**
   * Where a run is to be kept.
   *
   * @param version null for the next that is free
   */
  private record Place(Path saveDir, String name, @Nullable String version) {
    private RunFolder folder() {
      RunFolder folder = RunFolder.under(saveDir).name(name);
      return version == null ? folder : folder.version(version);
    }
  }

  /** The options that say where to write. */
  abstract static class InRunFolder {
    private final RunFolders folders;
    private Path saveDir;
    private String name = RunFolder.DEFAULT_NAME;
    private @Nullable String version;

    private InRunFolder(RunFolders folders, Path rootDir) {
      this.folders = folders;
      this.saveDir = rootDir;
    }

    public InRunFolder saveDir(Path directory) {
      saveDir = directory;
      return this;
    }

    public InRunFolder name(String experiment) {
      name = experiment;
      return this;
    }

    public InRunFolder version(int number) {
      return version("version_" + number);
    }

    public InRunFolder version(String run) {
      version = run;
      return this;
    }

    final RunFolder folder() {
      return folders.at(new Place(saveDir.toAbsolutePath().normalize(), name, version));
    }

    /** Makes the logger. */
    public abstract Logger build();
  }

  /** Makes a {@link CsvLogger}. */
  static final class Csv extends InRunFolder {
    private String prefix = "";
    private int flushEveryNRows = CsvLogger.DEFAULT_FLUSH_EVERY_N_ROWS;

    Csv(RunFolders folders, Path rootDir) {
      super(folders, rootDir);
    }

    public Csv prefix(String newPrefix) {
      prefix = newPrefix;
      return this;
    }

    public Csv flushEveryNRows(int rows) {
      flushEveryNRows = rows;
      return this;
    }

    @Override
    public Logger build() {
      return CsvLogger.builder(folder()).prefix(prefix).flushEveryNRows(flushEveryNRows).build();
    }
  }

  /** Makes a {@link TensorBoardLogger}. */
  static final class TensorBoard extends InRunFolder {
    private String prefix = "";
    private String subDir = "";
    private boolean defaultHpMetric = true;

    TensorBoard(RunFolders folders, Path rootDir) {
      super(folders, rootDir);
    }

    public TensorBoard prefix(String newPrefix) {
      prefix = newPrefix;
      return this;
    }

    public TensorBoard subDir(String directory) {
      subDir = directory;
      return this;
    }

    public TensorBoard defaultHpMetric(boolean on) {
      defaultHpMetric = on;
      return this;
    }

    @Override
    public Logger build() {
      return TensorBoardLogger.builder(folder())
          .prefix(prefix)
          .subDir(subDir)
          .defaultHpMetric(defaultHpMetric)
          .build();
    }
  }
}
