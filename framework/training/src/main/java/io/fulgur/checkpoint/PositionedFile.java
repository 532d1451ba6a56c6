package io.fulgur.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file to read from at any place, whether the thread is interrupted or not. */
final class PositionedFile implements AutoCloseable {
  private final Path path;
  private FileChannel channel;
  private boolean closed;

  private PositionedFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static PositionedFile open(Path path) throws IOException {
    return new PositionedFile(path, openChannel(path));
  }

  private static FileChannel openChannel(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ);
  }

  long sizeBytes() throws IOException {
    return Interrupts.defer(() -> channel().size());
  }

  /** Fills a buffer with the bytes from a position on. */
  void readFully(ByteBuffer target, long start) throws IOException {
    int first = target.position();
    Interrupts.defer(() -> readOnce(target.position(first), start));
  }

  private ByteBuffer readOnce(ByteBuffer target, long start) throws IOException {
    long position = start;
    while (target.hasRemaining()) {
      int count = channel().read(target, position);
      if (count < 0) {
        throw new EOFException("the file ends at byte " + position + ", it was cut off meanwhile");
      }
      position += count;
    }
    return target;
  }

  /** Returns the channel, a new one if an interrupt has closed the last. */
  private FileChannel channel() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (!channel.isOpen()) {
      channel = openChannel(path);
    }
    return channel;
  }

  @Override
  public void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written through this channel, so nothing can be lost.
    }
  }
}
