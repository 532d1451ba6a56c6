package io.fulgur.tensorboard;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * An event file that cannot be created, written or read. The message names the file, what happened,
 * and what to do.
 *
 * @since 0.1
 */
public final class EventFileException extends RuntimeException {
  EventFileException(String message) {
    super(message);
  }

  EventFileException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Says in words what the file system, which often names only a path, meant. */
  static String reasonOf(Throwable failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    } else if (failure instanceof FileAlreadyExistsException) {
      return "a file of that name is in the way";
    } else if (failure instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    String message =
        (failure instanceof FileSystemException fileSystem && fileSystem.getReason() != null)
            ? fileSystem.getReason()
            : failure.getMessage();
    return (message == null) ? failure.getClass().getSimpleName() : message;
  }
}
