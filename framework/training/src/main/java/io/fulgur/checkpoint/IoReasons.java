package io.fulgur.checkpoint;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says in a user's words why a file could not be read or written. */
final class IoReasons {
  private static final int FILES_LISTED = 8;
  private static final List<String> FULL_DISK =
      List.of("no space left", "not enough space", "quota exceeded");

  private IoReasons() {}

  /** Returns what an exception says, for example {@code no permission}. */
  static String describe(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "no permission";
    }
    String reason =
        cause instanceof FileSystemException system ? system.getReason() : cause.getMessage();
    return reason == null || reason.isBlank() ? cause.getClass().getSimpleName() : reason;
  }

  /** Returns the error of a file that could not be written; the old one stands. */
  static FulgurException cannotWrite(Path target, long sizeBytes, IOException cause) {
    Path folder = AtomicFiles.folderOf(target);
    if (isFullDisk(cause)) {
      return new FulgurException(
          ErrorId.DISK_FULL,
          "%s could not be written: the disk is full. It needs %d bytes; %s are free. Delete files there or choose another folder; nothing that was saved before has been touched.%s"
              .formatted(
                  target.toAbsolutePath(),
                  sizeBytes,
                  freeBytes(folder),
                  filesToDelete(target, folder)),
          cause);
    }
    return new FulgurException(
        ErrorId.CANNOT_WRITE,
        "%s could not be written: %s. Choose a folder that this user may write to; nothing that was saved before has been touched."
            .formatted(target.toAbsolutePath(), describe(cause)),
        cause);
  }

  /** Returns the error of a folder that is missing and cannot be made. */
  static FulgurException cannotMakeFolder(Path folder, IOException cause) {
    Path blocking = fileOnTheWay(folder);
    return new FulgurException(
        ErrorId.CANNOT_WRITE,
        "The folder %s could not be made: %s. Choose a folder that this user may write to."
            .formatted(
                folder.toAbsolutePath(),
                blocking == null ? describe(cause) : blocking + " is a file, not a folder"),
        cause);
  }

  /** Names the files of the same kind beside a missing one, which is often just misspelt. */
  static String filesBeside(Path missing) {
    String extension = extension(missing);
    try (Stream<Path> files = Files.list(AtomicFiles.folderOf(missing))) {
      List<String> names =
          files
              .map(file -> String.valueOf(file.getFileName()))
              .filter(other -> other.endsWith(extension) && !AtomicFiles.isTemporary(other))
              .sorted()
              .toList();
      if (names.isEmpty()) {
        return "Its folder has no %sfiles at all; check the path."
            .formatted(extension.isEmpty() ? "" : extension + " ");
      }
      String more = names.size() > FILES_LISTED ? " and " + (names.size() - FILES_LISTED) : "";
      return "In its folder: "
          + String.join(", ", names.subList(0, Math.min(names.size(), FILES_LISTED)))
          + (more.isEmpty() ? "." : more + " more.");
    } catch (IOException e) {
      return "Its folder does not exist either; check the path.";
    }
  }

  /** Returns what a name ends with, with the dot; nothing if it has none. */
  private static String extension(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot);
  }

  private static boolean isFullDisk(IOException cause) {
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return FULL_DISK.stream().anyMatch(message::contains);
  }

  private static String freeBytes(Path folder) {
    try {
      FileStore store = Files.getFileStore(folder);
      return String.valueOf(store.getUsableSpace());
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** Names files of the same kind with what they take, the largest first: what could be deleted. */
  private static String filesToDelete(Path target, Path folder) {
    String extension = extension(target);
    Map<String, Long> sizes = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        String other = String.valueOf(file.getFileName());
        if (other.endsWith(extension) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          sizes.put(other, Files.size(file));
        }
      }
    } catch (IOException e) {
      return ""; // The message is complete without it.
    }
    if (sizes.isEmpty()) {
      return "";
    }
    return "\n   Files like it in that folder: %s%s."
        .formatted(
            sizes.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(FILES_LISTED)
                .map(entry -> "%s (%d bytes)".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", ")),
            sizes.size() > FILES_LISTED ? " and " + (sizes.size() - FILES_LISTED) + " more" : "");
  }

  private static @Nullable Path fileOnTheWay(Path folder) {
    for (Path path = folder.toAbsolutePath(); path != null; path = path.getParent()) {
      if (Files.exists(path)) {
        return Files.isDirectory(path) ? null : path;
      }
    }
    return null;
  }
}
