package io.fulgur.data;

import io.fulgur.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file in the address space, which the operating system reads where it is looked at. */
final class MappedFile {
  /*
   * A buffer spans at most 2 GiB, so a file is a row of them. Each begins half its length after the one
   * before, so that whatever is at most so long lies within the one that its start falls to.
   */
  static final long STEP = 1L << 29;

  private final Path path;
  private final long size;
  private final ByteBuffer[] segments;

  private MappedFile(Path path, long size, ByteBuffer[] segments) {
    this.path = path;
    this.size = size;
    this.segments = segments;
  }

  static MappedFile open(Path path, ByteOrder order) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      ByteBuffer[] segments = new ByteBuffer[(int) ((size + STEP - 1) / STEP)];
      for (int i = 0; i < segments.length; i++) {
        long start = i * STEP;
        segments[i] =
            channel
                .map(FileChannel.MapMode.READ_ONLY, start, Math.min(2 * STEP, size - start))
                .order(order);
      }
      return new MappedFile(path, size, segments);
    }
  }

  Path path() {
    return path;
  }

  long size() {
    return size;
  }

  private ByteBuffer slice(long position, int bytes) {
    ByteBuffer segment = segments[(int) (position / STEP)];
    return segment.slice((int) (position % STEP), bytes).order(segment.order());
  }

  /** Copies elements to a Java array of their type, from element {@code offset} of that on. */
  void read(long position, DType dtype, Object target, int offset, int count) {
    if (count == 0) {
      return;
    }
    ByteBuffer bytes = slice(position, count * dtype.sizeBytes());
    switch (dtype) {
      case F32 -> bytes.asFloatBuffer().get((float[]) target, offset, count);
      case F64 -> bytes.asDoubleBuffer().get((double[]) target, offset, count);
      case I64 -> bytes.asLongBuffer().get((long[]) target, offset, count);
      case I32 -> bytes.asIntBuffer().get((int[]) target, offset, count);
      case U8 -> bytes.get((byte[]) target, offset, count);
      case BOOL -> {
        boolean[] booleans = (boolean[]) target;
        for (int i = 0; i < count; i++) {
          booleans[offset + i] = bytes.get(i) != 0;
        }
      }
      case BF16, F16 -> throw new IllegalArgumentException(dtype + " has no array type in Java");
    }
  }
}
