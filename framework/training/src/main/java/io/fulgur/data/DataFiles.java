package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Files with data: how they are opened, and what is said of those that are not as they should be.
 */
final class DataFiles {
  private static final int GZIP_MAGIC = 0x1F8B;
  private static final int BUFFER_BYTES = 1 << 16;

  private DataFiles() {}

  /** Opens a file, unpacking it if it is packed by gzip. */
  static InputStream open(Path file) throws IOException {
    return unpacked(Files.newInputStream(file));
  }

  /** Unpacks a stream if it is packed by gzip; closes it if that fails. */
  static InputStream unpacked(InputStream stream) throws IOException {
    InputStream in = new BufferedInputStream(stream, BUFFER_BYTES);
    try {
      in.mark(2);
      int magic = in.read() << 8 | in.read();
      in.reset();
      return magic == GZIP_MAGIC ? new GZIPInputStream(in, BUFFER_BYTES) : in;
    } catch (IOException e) {
      try {
        in.close();
      } catch (IOException also) {
        e.addSuppressed(also);
      }
      throw e;
    }
  }

  /** Returns the error of a file that could not be read. */
  static FulgurException unreadable(Object file, IOException cause) {
    if (cause instanceof EOFException || cause instanceof ZipException) {
      return new FulgurException(
          ErrorId.INVALID_DATA_FILE,
          "%s is cut off or damaged: %s. Copy it again from where it is whole."
              .formatted(
                  file, cause.getMessage() == null ? "it ends too early" : cause.getMessage()),
          cause);
    }
    return new FulgurException(
        ErrorId.FILE_UNREADABLE,
        cause instanceof NoSuchFileException
            ? "There is no file %s. Check the path.".formatted(file)
            : "%s cannot be read: %s. Check that it is a file that this user may read."
                .formatted(file, cause),
        cause);
  }

  /** Returns the error of a file that does not hold what it must. */
  static FulgurException invalid(Object file, String problem) {
    return new FulgurException(ErrorId.INVALID_DATA_FILE, file + " " + problem);
  }
}
