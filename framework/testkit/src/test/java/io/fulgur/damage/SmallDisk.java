package io.fulgur.damage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A folder with room for so many bytes, where no real file system of that size can be had. */
final class SmallDisk implements WatchedFiles.Watcher {
  private final Path folder;
  private final long sizeBytes;

  SmallDisk(Path folder, long sizeBytes) {
    this.folder = folder;
    this.sizeBytes = sizeBytes;
  }

  @Override
  public void look() {}

  @Override
  public FileChannel opened(FileChannel channel) {
    return new Limited(channel);
  }

  private long free() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      long used = 0;
      for (Path file : (Iterable<Path>) files::iterator) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          used += Files.size(file);
        }
      }
      return sizeBytes - used;
    }
  }

  /** As a real one, writes what there is room for, and fails when there is none. */
  private final class Limited extends FileChannel {
    private final FileChannel file;

    Limited(FileChannel file) {
      this.file = file;
    }

    /** Something that writes a part of a buffer. */
    @FunctionalInterface
    private interface Writing {
      int write(ByteBuffer part) throws IOException;
    }

    private int writeWhatFits(ByteBuffer source, long position, Writing writing)
        throws IOException {
      long growth = Math.max(0, position + source.remaining() - file.size());
      long fits = source.remaining() - Math.max(0, growth - free());
      if (fits <= 0) {
        throw new IOException("No space left on device");
      }
      ByteBuffer part = source.duplicate();
      part.limit(source.position() + (int) fits);
      int count = writing.write(part);
      source.position(source.position() + count);
      return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      return writeWhatFits(source, file.position(), file::write);
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      return writeWhatFits(source, position, part -> file.write(part, position));
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      return file.read(target);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
      return file.read(targets, offset, length);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
        throws IOException {
      return file.transferTo(position, count, target);
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
      file.position(newPosition);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      file.truncate(size);
      return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
      file.force(metaData);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
      return file.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }
}
