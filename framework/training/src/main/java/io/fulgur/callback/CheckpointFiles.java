package io.fulgur.callback;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The names that checkpoints have in their folder. */
final class CheckpointFiles {
  static final String LAST = "last";

  private static final Pattern LAST_FILE = Pattern.compile("last(-v\\d+)?\\.ckpt");

  private CheckpointFiles() {}

  /**
   * Returns where a checkpoint goes: under its name, or with {@code -v1}, {@code -v2} behind it if
   * that is taken by one that is not about to be replaced.
   */
  static Path free(Path folder, String name, @Nullable Path replaced, boolean versions) {
    Path file = folder.resolve(name + FileNameTemplate.EXTENSION);
    for (int version = 1; versions && !file.equals(replaced) && Files.exists(file); version++) {
      file = folder.resolve(name + "-v" + version + FileNameTemplate.EXTENSION);
    }
    return file;
  }

  /** Returns the newest {@code last.ckpt}, {@code last-v1.ckpt}, ... of a folder; null if none. */
  static @Nullable Path newestLast(Path folder) {
    if (!Files.isDirectory(folder)) {
      return null;
    }
    try (Stream<Path> files = Files.list(folder)) {
      Path newest = null;
      FileTime newestTime = null;
      for (Path file : (Iterable<Path>) files::iterator) {
        if (!LAST_FILE.matcher(file.getFileName().toString()).matches()) {
          continue;
        }
        FileTime time = Files.getLastModifiedTime(file);
        if (newestTime == null || time.compareTo(newestTime) > 0) {
          newest = file;
          newestTime = time;
        }
      }
      return newest;
    } catch (IOException e) {
      throw new FulgurException(
          ErrorId.FILE_UNREADABLE,
          "The folder of checkpoints %s cannot be read: %s. Choose one that this user may read, or give the path of a checkpoint."
              .formatted(folder, e),
          e);
    }
  }

  /** Makes the folder, so that one that cannot be written is known before training. */
  static void prepare(Path folder) {
    String reason;
    try {
      Files.createDirectories(folder);
      if (Files.isWritable(folder)) {
        return;
      }
      reason = "no permission";
    } catch (IOException e) {
      reason = e.toString();
    }
    throw new FulgurException(
        ErrorId.CANNOT_WRITE,
        "ModelCheckpoint cannot write to the folder %s: %s. Choose a folder that this user may write to, with dirPath or the trainer's defaultRootDir."
            .formatted(folder, reason));
  }
}
