package io.fulgur.data;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads arrays in the IDX format, in which MNIST and its relatives come, also packed by gzip.
 *
 * <pre>{@code
 * ArrayDataset training =
 *     IdxReader.images(folder.resolve("train-images-idx3-ubyte.gz"))
 *         .with("label", IdxReader.labels(folder.resolve("train-labels-idx1-ubyte.gz")));
 * }</pre>
 *
 * <p>The format: two zero bytes, the type of the elements, the number of dimensions, each size as a
 * big-endian integer, the elements row-major and big-endian (http://yann.lecun.com/exdb/mnist/).
 *
 * @since 0.1
 */
public final class IdxReader {
  private static final int UNSIGNED_BYTE = 0x08;
  private static final int SIGNED_BYTE = 0x09;
  private static final int SHORT = 0x0B;
  private static final int INT = 0x0C;
  private static final int FLOAT = 0x0D;
  private static final int DOUBLE = 0x0E;

  private IdxReader() {}

  /**
   * Reads images of {@code [samples, height, width]} as value {@code image} of shape {@code [1,
   * height, width]} and type U8.
   *
   * @throws FulgurException if the file cannot be read, or holds something else
   */
  public static ArrayDataset images(Path file) {
    HostArray images = read(file);
    if (images.shape().rank() != 3 || images.dtype() != DType.U8) {
      throw DataFiles.invalid(
          file,
          "holds "
              + images
              + ", but images are bytes [samples, height, width]. Read other arrays with read(...).");
    }
    return ArrayDataset.of(
        "image", new HostArray(DType.U8, images.shape().inserted(1, 1), images.values()));
  }

  /**
   * Reads one integer for each sample, as type I64.
   *
   * @throws FulgurException if the file cannot be read, or holds something else
   */
  public static HostArray labels(Path file) {
    HostArray labels = read(file);
    if (labels.shape().rank() != 1 || labels.dtype().isFloating()) {
      throw DataFiles.invalid(
          file,
          "holds "
              + labels
              + ", but labels are integers [samples]. Read other arrays with read(...).");
    }
    long[] longs = new long[labels.elements()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = (long) labels.get(i);
    }
    return HostArray.of(longs, longs.length);
  }

  /**
   * Reads an array: unsigned bytes as U8, other integers as I32, floating-point numbers as F32 or
   * F64.
   *
   * @throws FulgurException if the file cannot be read, is no IDX file, or is cut off; the message
   *     tells at which byte
   */
  public static HostArray read(Path file) {
    try (InputStream in = DataFiles.open(file);
        DataInputStream data = new DataInputStream(in)) {
      return read(file, data);
    } catch (IOException e) {
      throw DataFiles.unreadable(file, e);
    }
  }

  private static HostArray read(Path file, DataInputStream in) throws IOException {
    int magic = in.readInt();
    int type = magic >> 8 & 0xFF;
    int elementBytes = elementBytes(type);
    if (magic >>> 16 != 0 || elementBytes == 0) {
      throw DataFiles.invalid(
          file,
          "is no IDX file: its first four bytes are %08x, but must be 0000, a type of 08, 09, 0b, 0c, 0d or 0e, and the number of dimensions. Is it another format, or packed by something else than gzip?"
              .formatted(magic));
    }
    long[] sizes = new long[magic & 0xFF];
    double bytes = elementBytes;
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = in.readInt() & 0xFFFFFFFFL;
      bytes *= sizes[i];
    }
    if (bytes > Integer.MAX_VALUE - Long.BYTES) {
      throw DataFiles.invalid(
          file,
          "tells of an array of %s, more than fits into one in Java. If it really is as large, divide it; otherwise it is damaged."
              .formatted(Arrays.toString(sizes)));
    }
    Shape shape = Shape.of(sizes);
    return decode(type, shape, body(file, in, shape, (int) bytes));
  }

  private static byte[] body(Path file, InputStream in, Shape shape, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    int header = Integer.BYTES * (1 + shape.rank());
    int read;
    try {
      read = in.readNBytes(content, 0, bytes);
    } catch (EOFException e) {
      throw DataFiles.invalid(
          file, "is a gzip file that was cut off. Copy it again from where it is whole.");
    }
    if (read < bytes || in.read() >= 0) {
      throw DataFiles.invalid(
          file,
          "%s: its header tells of %s, which ends at byte %d, but it %s. Copy it again from where it is whole."
              .formatted(
                  read < bytes ? "was cut off" : "is too long",
                  shape,
                  header + (long) bytes,
                  read < bytes ? "ends at byte " + (header + read) : "goes on"));
    }
    return content;
  }

  private static int elementBytes(int type) {
    return switch (type) {
      case UNSIGNED_BYTE, SIGNED_BYTE -> 1;
      case SHORT -> 2;
      case INT, FLOAT -> 4;
      case DOUBLE -> 8;
      default -> 0;
    };
  }

  private static HostArray decode(int type, Shape shape, byte[] content) {
    ByteBuffer body = ByteBuffer.wrap(content);
    int count = (int) shape.elements();
    switch (type) {
      case UNSIGNED_BYTE -> {
        return new HostArray(DType.U8, shape, content);
      }
      case FLOAT -> {
        float[] floats = new float[count];
        body.asFloatBuffer().get(floats);
        return new HostArray(DType.F32, shape, floats);
      }
      case DOUBLE -> {
        double[] doubles = new double[count];
        body.asDoubleBuffer().get(doubles);
        return new HostArray(DType.F64, shape, doubles);
      }
      default -> {
        int[] ints = new int[count];
        for (int i = 0; i < count; i++) {
          ints[i] = type == INT ? body.getInt() : type == SHORT ? body.getShort() : body.get();
        }
        return new HostArray(DType.I32, shape, ints);
      }
    }
  }
}
