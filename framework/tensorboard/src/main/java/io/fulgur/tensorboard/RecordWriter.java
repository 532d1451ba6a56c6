package io.fulgur.tensorboard;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes TFRecord frames: {@code length:u64 | maskedCrc(length):u32 | data | maskedCrc(data):u32},
 * little-endian. Not safe for several threads.
 */
final class RecordWriter implements Closeable {
  static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;
  static final int FOOTER_BYTES = Integer.BYTES;
  private static final int BUFFER_BYTES = 1 << 16;

  /*
   * The buffer is our own rather than a BufferedOutputStream, because that one writes the rest of its
   * buffer again when it is closed. After a failed write, say on a full disk, nobody knows how much of
   * the buffer has reached the file, and a second attempt could put bytes behind half a record, where
   * no reader finds them. So a failure ends the file: the caller closes it and writes no more.
   */
  private final OutputStream file;
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(BUFFER_BYTES);
  private final ByteBuffer frame =
      ByteBuffer.allocate(HEADER_BYTES + FOOTER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  RecordWriter(OutputStream file) {
    this.file = file;
  }

  /** Appends a record to the buffer, which goes to the file when it is full. */
  void write(byte[] data) throws IOException {
    frame.putLong(0, data.length);
    frame.putInt(Long.BYTES, MaskedCrc32c.of(frame.array(), 0, Long.BYTES));
    frame.putInt(HEADER_BYTES, MaskedCrc32c.of(data, 0, data.length));
    buffer.write(frame.array(), 0, HEADER_BYTES);
    buffer.write(data, 0, data.length);
    buffer.write(frame.array(), HEADER_BYTES, FOOTER_BYTES);
    if (buffer.size() >= BUFFER_BYTES) {
      flush();
    }
  }

  /** Hands everything written so far to the operating system. */
  void flush() throws IOException {
    if (buffer.size() > 0) {
      buffer.writeTo(file);
      buffer.reset();
    }
    file.flush();
  }

  /** Closes the file without writing what is left in the buffer. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
