package io.fulgur.tensorboard;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the frames that {@link RecordWriter} writes, and verifies their checksums. */
final class RecordReader implements Closeable {
  private final Path file;
  private final InputStream stream;
  private long nextOffset;
  private long offset;
  private boolean truncated;

  RecordReader(Path file, InputStream stream) {
    this.file = file;
    this.stream = stream;
  }

  /**
   * Returns the data of the next record; empty at the end, also at one in the middle of a record.
   */
  Optional<byte[]> next() throws IOException {
    offset = nextOffset;
    byte[] header = stream.readNBytes(RecordWriter.HEADER_BYTES);
    if (header.length < RecordWriter.HEADER_BYTES) {
      truncated = header.length > 0;
      return Optional.empty();
    }
    ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    requireCrc("length", MaskedCrc32c.of(header, 0, Long.BYTES), fields.getInt(Long.BYTES));
    long length = fields.getLong(0);
    if (length < 0 || length > Integer.MAX_VALUE - RecordWriter.FOOTER_BYTES) {
      throw corrupt("its length is " + length + " bytes, more than a message can have");
    }
    // Reads in pieces as they come, so a length that goes beyond the file costs no memory.
    byte[] data = stream.readNBytes((int) length);
    byte[] footer = stream.readNBytes(RecordWriter.FOOTER_BYTES);
    if (footer.length < RecordWriter.FOOTER_BYTES) {
      truncated = true;
      return Optional.empty();
    }
    int stored = ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN).getInt();
    requireCrc("data", MaskedCrc32c.of(data, 0, data.length), stored);
    nextOffset = offset + RecordWriter.HEADER_BYTES + length + RecordWriter.FOOTER_BYTES;
    return Optional.of(data);
  }

  /** Tells whether the file ended in the middle of a record. */
  boolean isTruncated() {
    return truncated;
  }

  /** Returns where the latest record starts, in bytes. */
  long offset() {
    return offset;
  }

  Path file() {
    return file;
  }

  /** Describes what is wrong with the latest record. */
  EventFileException corrupt(String what) {
    String remedy =
        (offset == 0)
            ? " If it is an event file at all, it cannot be read."
            : " The records before are sound; limit reading to them, or take the file from a backup.";
    return new EventFileException(
        "The event file "
            + file
            + " is corrupt in the record at byte "
            + offset
            + ": "
            + what
            + "."
            + remedy);
  }

  private void requireCrc(String part, int computed, int stored) {
    if (computed != stored) {
      throw corrupt(
          String.format(
              "the checksum of its %s is %08x where %08x is stored", part, computed, stored));
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
