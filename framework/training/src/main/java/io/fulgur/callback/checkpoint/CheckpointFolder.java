package io.fulgur.callback.checkpoint;

import io.fulgur.checkpoint.CheckpointIO;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where checkpoints are: their names, and which of them may be deleted. */
final class CheckpointFolder {
  private final Path path;
  private final boolean versions;
  private final CheckpointIO io;
  private @Nullable Path resumedFrom;

  /**
   * @param versions whether a name that is taken gets a number
   */
  CheckpointFolder(Path path, boolean versions, CheckpointIO io) {
    this.path = path.toAbsolutePath().normalize();
    this.versions = versions;
    this.io = io;
  }

  Path path() {
    return path;
  }

  CheckpointIO io() {
    return io;
  }

  /** Makes the folder, so that one that cannot be written is known before training. */
  void prepare() {
    String reason;
    try {
      Files.createDirectories(path);
      if (Files.isWritable(path)) {
        return;
      }
      reason = "no permission";
    } catch (IOException e) {
      reason = e.toString();
    }
    throw new FulgurException(
        ErrorId.CANNOT_WRITE,
        "ModelCheckpoint cannot write to the folder %s: %s. Choose a folder that this user may write to, with dirPath or the trainer's defaultRootDir."
            .formatted(path, reason));
  }

  /** Returns whether there is any checkpoint yet. */
  boolean hasCheckpoints() {
    try (Stream<Path> files = Files.list(path)) {
      return files.anyMatch(file -> file.toString().endsWith(FileNameTemplate.EXTENSION));
    } catch (IOException e) {
      return false; // Only a warning hangs on it.
    }
  }

  /**
   * Returns where a checkpoint goes: under its name, or with {@code -v1}, {@code -v2} behind it if
   * that is taken by one that is not about to be replaced.
   */
  Path free(String name, @Nullable Path replaced) {
    Path file = path.resolve(name + FileNameTemplate.EXTENSION);
    for (int version = 1; versions && !file.equals(replaced) && io.exists(file); version++) {
      file = path.resolve(name + "-v" + version + FileNameTemplate.EXTENSION);
    }
    return file;
  }

  /** Never deletes the checkpoint that a run goes on from, nor what a link to it stands for. */
  void protect(Path source) {
    try {
      resumedFrom = source.toRealPath();
    } catch (IOException e) {
      resumedFrom = source.toAbsolutePath().normalize(); // A plugin may keep it elsewhere.
    }
  }

  /**
   * Deletes a checkpoint that has been superseded, if it is this folder's.
   *
   * @param written what has taken its place
   */
  void remove(@Nullable Path old, @Nullable Path written) {
    if (old != null && !old.equals(written) && old.startsWith(path) && !isResumedFrom(old)) {
      io.remove(old);
    }
  }

  private boolean isResumedFrom(Path old) {
    if (resumedFrom == null || Files.isSymbolicLink(old)) {
      return false;
    }
    try {
      return old.toRealPath().equals(resumedFrom);
    } catch (IOException e) {
      return old.equals(resumedFrom);
    }
  }

  /** Returns the newest file of a folder whose name may come from a template; null if none. */
  static @Nullable Path newest(Path folder, FileNameTemplate name) {
    if (!Files.isDirectory(folder)) {
      return null;
    }
    try (Stream<Path> files = Files.list(folder)) {
      Path newest = null;
      FileTime newestTime = null;
      for (Path file : (Iterable<Path>) files::iterator) {
        // A link whose checkpoint is gone is none.
        if (!name.mayHaveMade(String.valueOf(file.getFileName())) || !Files.exists(file)) {
          continue;
        }
        FileTime time = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
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
}
