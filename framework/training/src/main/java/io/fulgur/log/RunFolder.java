package io.fulgur.log;

import io.fulgur.checkpoint.AtomicFiles;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.hyperparameter.Hyperparameters;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a run: by default {@code fulgur_logs/version_N}, with the first N that no run has
 * had.
 *
 * <p>It is made when it is first asked for, so that a trainer that never runs leaves nothing
 * behind. Loggers that share one write side by side; two processes never get the same one.
 *
 * @since 0.1
 */
public final class RunFolder {
  /** The default name of the experiment. */
  public static final String DEFAULT_NAME = "fulgur_logs";

  private static final Pattern VERSION = Pattern.compile("version_(\\d{1,9})");
  private static final String HYPERPARAMETERS = "hparams.yaml";

  private final Path saveDir;
  private final String name;
  private final @Nullable String chosenVersion;
  private @Nullable String version;
  private boolean hasHyperparameters;

  private RunFolder(Path saveDir, String name, @Nullable String chosenVersion) {
    this.saveDir = saveDir;
    this.name = name;
    this.chosenVersion = chosenVersion;
  }

  /** Returns {@code saveDir/fulgur_logs/version_N}. */
  public static RunFolder under(Path saveDir) {
    return new RunFolder(saveDir, DEFAULT_NAME, null);
  }

  /** Returns this with another name of the experiment. */
  public RunFolder name(String experiment) {
    return new RunFolder(saveDir, experiment, chosenVersion);
  }

  /** Returns this as {@code version_N} of a certain N, whether there is one already or not. */
  public RunFolder version(int number) {
    return version("version_" + number);
  }

  /** Returns this with a name of one's own for the run, whether there is one already or not. */
  public RunFolder version(String run) {
    return new RunFolder(saveDir, name, run);
  }

  /** Returns the folder under which all runs are kept. */
  public Path saveDir() {
    return saveDir;
  }

  /** Returns the name of the experiment. */
  public String name() {
    return name;
  }

  /**
   * Returns the name of the run, e.g. {@code version_3}, whose folder is there from now on.
   *
   * @throws FulgurException if the folder cannot be made
   */
  public synchronized String version() {
    String known = version;
    if (known == null) {
      known = make();
      version = known;
    }
    return known;
  }

  /**
   * Returns the folder, which is there from now on.
   *
   * @throws FulgurException if it cannot be made
   */
  public Path path() {
    String run = version();
    return experiment().resolve(run);
  }

  private Path experiment() {
    return saveDir.resolve(name);
  }

  private String make() {
    Path experiment = experiment();
    try {
      Files.createDirectories(experiment);
      if (chosenVersion != null) {
        Files.createDirectories(experiment.resolve(chosenVersion));
        return chosenVersion;
      }
      for (int number = nextVersion(experiment); ; number++) {
        String run = "version_" + number;
        try {
          Files.createDirectory(experiment.resolve(run));
          return run;
        } catch (FileAlreadyExistsException e) {
          // Another process was faster; the next number may be free.
        }
      }
    } catch (IOException e) {
      throw new FulgurException(
          ErrorId.CANNOT_WRITE,
          "The folder of the run cannot be made in %s: %s. Choose a folder that this user may write to with defaultRootDir, or switch logging off with enableLogging(false)."
              .formatted(experiment.toAbsolutePath(), reason(e)),
          e);
    }
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "no permission";
    }
    return e instanceof FileAlreadyExistsException exists
        ? exists.getFile() + " is a file, not a folder"
        : e.toString();
  }

  private static int nextVersion(Path experiment) throws IOException {
    int next = 0;
    try (Stream<Path> runs = Files.list(experiment)) {
      for (Path run : (Iterable<Path>) runs::iterator) {
        Matcher matcher = VERSION.matcher(run.getFileName().toString());
        if (matcher.matches()) {
          next = Math.max(next, Integer.parseInt(matcher.group(1)) + 1);
        }
      }
    }
    return next;
  }

  /** Writes {@code hparams.yaml}, once, however many loggers share this folder. */
  synchronized void writeHyperparameters(Hyperparameters hyperparameters) {
    if (!hasHyperparameters) {
      AtomicFiles.writeString(path().resolve(HYPERPARAMETERS), hyperparameters.toYaml());
      hasHyperparameters = true;
    }
  }
}
