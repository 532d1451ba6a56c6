package io.fulgur.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;

/** A file on a disk that has room for so many bytes only. */
final class FailingChannel implements SeekableByteChannel {
  private final SeekableByteChannel file;
  private long room;

  private FailingChannel(SeekableByteChannel file, long room) {
    this.file = file;
    this.room = room;
  }

  interface Disk extends AtomicFiles.Opener {}

  static Disk disk(long room) {
    return path -> new FailingChannel(AtomicFiles.DEFAULT_OPENER.open(path), room);
  }

  static String javaCommand() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** As a real one, writes what there is room for, and fails when there is none. */
  @Override
  public int write(ByteBuffer source) throws IOException {
    if (room == 0) {
      throw new IOException("No space left on device");
    }
    int count = (int) Math.min(room, source.remaining());
    ByteBuffer part = source.duplicate().limit(source.position() + count);
    file.write(part);
    source.position(source.position() + count);
    room -= count;
    return count;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return file.read(target);
  }

  @Override
  public long position() throws IOException {
    return file.position();
  }

  @Override
  public SeekableByteChannel position(long newPosition) throws IOException {
    file.position(newPosition);
    return this;
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    file.truncate(size);
    return this;
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
