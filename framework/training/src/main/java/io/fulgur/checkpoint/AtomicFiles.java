package io.fulgur.checkpoint;

import io.fulgur.error.FulgurException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes files that are either whole or not there.
 *
 * <p>The content goes to a temporary file in the same folder, is forced to the disk, and then takes
 * the name of the old file in one step. Whatever happens before that step, a full disk, an
 * exception, a killed process, leaves the old file as it was. Temporary files of processes that
 * were killed are deleted when something is next written to their folder.
 *
 * @since 0.1
 */
public final class AtomicFiles {
  static final Opener DEFAULT_OPENER = TemporaryFiles::open;

  private AtomicFiles() {}

  /**
   * Produces the content of a file. It may be called again from the start if the thread is
   * interrupted.
   *
   * @since 0.1
   */
  @FunctionalInterface
  public interface Content {
    /** Writes everything; the channel is empty at first. */
    void writeTo(SeekableByteChannel channel) throws IOException;
  }

  /** Makes a new file; tests put one in that fails. */
  @FunctionalInterface
  interface Opener {
    SeekableByteChannel open(Path file) throws IOException;
  }

  /**
   * Writes a file, making its folder if there is none.
   *
   * <p>Interrupting the thread does not stop it; the thread is interrupted still afterwards.
   *
   * @param sizeBytes how much is going to be written, for the message if there is no room
   * @throws FulgurException if it cannot be written; what was there before is there still
   */
  public static void write(Path file, long sizeBytes, Content content) {
    write(file, sizeBytes, content, DEFAULT_OPENER);
  }

  /** Writes a text in UTF-8, making the file's folder if there is none. */
  public static void writeString(Path file, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(
        file,
        bytes.length,
        channel -> {
          ByteBuffer rest = ByteBuffer.wrap(bytes);
          while (rest.hasRemaining()) {
            channel.write(rest);
          }
        });
  }

  /** Makes a file that holds what another one holds. */
  static void copy(Path source, Path target) {
    long sizeBytes;
    try {
      sizeBytes = Files.size(source);
    } catch (IOException e) {
      throw IoReasons.cannotWrite(target, 0, e);
    }
    write(
        target,
        sizeBytes,
        channel -> {
          try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ)) {
            for (long done = 0; done < sizeBytes; ) {
              long count = from.transferTo(done, sizeBytes - done, channel);
              if (count <= 0) {
                throw new EOFException(source + " was cut off while it was being copied");
              }
              done += count;
            }
          }
        });
  }

  /**
   * Lets a name stand for a file by a relative symbolic link; an old file of that name goes.
   *
   * @return whether links can be made there; if not, nothing has happened
   */
  static boolean link(Path target, Path link) {
    Path folder = folderOf(link);
    makeFolder(folder);
    TemporaryFiles.removeLeftovers(folder);
    Path temporary = TemporaryFiles.claim(link);
    try {
      Files.createSymbolicLink(temporary, folder.relativize(target.toAbsolutePath().normalize()));
      Files.move(
          temporary, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder(folder);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      // Windows lets only some users make links, and some file systems nobody. What else may be
      // wrong shows when a copy is written.
      return false;
    } finally {
      TemporaryFiles.release(temporary);
    }
  }

  static void write(Path file, long sizeBytes, Content content, Opener opener) {
    Path folder = folderOf(file);
    makeFolder(folder);
    TemporaryFiles.removeLeftovers(folder);
    try {
      Interrupts.defer(() -> writeOnce(file, content, opener));
    } catch (IOException e) {
      throw IoReasons.cannotWrite(file, sizeBytes, e);
    }
  }

  private static Path writeOnce(Path file, Content content, Opener opener) throws IOException {
    Path temporary = TemporaryFiles.claim(file);
    try {
      try (SeekableByteChannel channel = opener.open(temporary)) {
        content.writeTo(channel);
        if (channel instanceof FileChannel onDisk) {
          onDisk.force(/* metaData= */ true);
        }
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder(folderOf(file));
      return file;
    } finally {
      TemporaryFiles.release(temporary);
    }
  }

  static Path folderOf(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    Path folder = absolute.getParent();
    return folder == null ? absolute : folder;
  }

  static boolean isTemporary(String fileName) {
    return TemporaryFiles.isTemporary(fileName);
  }

  private static void makeFolder(Path folder) {
    if (Files.isDirectory(folder)) {
      return;
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw IoReasons.cannotMakeFolder(folder, e);
    }
  }

  /** Makes the new name last through a power failure. */
  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(/* metaData= */ true);
    } catch (IOException e) {
      // Windows opens no folders, and some network file systems force none. The file is whole.
    }
  }
}
