package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads samples of equal length from a file that is mapped into memory, so that it may be larger
 * than that: the operating system reads what is looked at, and keeps it while there is room.
 *
 * <pre>{@code
 * Dataset cifar =
 *     BinaryReader.of(file).label("label", DType.U8).field("image", DType.U8, 3, 32, 32).open();
 * }</pre>
 *
 * <p>Fields lie one after the other without holes. The file must not change while it is in use; it
 * is released when the data set is garbage collected.
 *
 * @since 0.1
 */
public final class BinaryReader {
  private final Path file;
  private final List<FileDataset.Field> fields = new ArrayList<>();
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
  private long headerBytes;
  private long recordBytes;

  private BinaryReader(Path file) {
    this.file = file;
  }

  /** Starts to describe a file. */
  public static BinaryReader of(Path file) {
    return new BinaryReader(file);
  }

  /** Sets how many bytes stand in front of the first sample; 0 by default. */
  public BinaryReader headerBytes(long bytes) {
    if (bytes < 0) {
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS, "headerBytes is %d. It must be 0 or more.".formatted(bytes));
    }
    headerBytes = bytes;
    return this;
  }

  /** Sets the order of the bytes of a number; little-endian by default. */
  public BinaryReader order(ByteOrder bytes) {
    order = bytes;
    return this;
  }

  /**
   * Adds a value of each sample.
   *
   * @param dtype F32, F64, I64, I32, U8, or BOOL as a byte each
   * @param shape of one sample; none for a scalar
   */
  public BinaryReader field(String name, DType dtype, long... shape) {
    return add(name, dtype, shape.length == 0 ? Shape.SCALAR : Shape.of(shape), false);
  }

  /** Adds an integer of each sample, which is read as I64, the type of labels. */
  public BinaryReader label(String name, DType dtype) {
    return add(name, dtype, Shape.SCALAR, true);
  }

  private BinaryReader add(String name, DType dtype, Shape shape, boolean label) {
    boolean readable = dtype != DType.BF16 && dtype != DType.F16;
    if (!readable || (label && dtype.isFloating())) {
      throw new FulgurException(
          ErrorId.DTYPE_MISMATCH,
          "\"%s\" cannot be read as %s from a binary file. Give it one of %s."
              .formatted(
                  name, dtype, label ? "I64, I32, U8, BOOL" : "F32, F64, I64, I32, U8, BOOL"));
    }
    fields.add(new FileDataset.Field(name, dtype, shape, recordBytes, 0, label));
    recordBytes += shape.elements() * dtype.sizeBytes();
    return this;
  }

  /**
   * Maps the file.
   *
   * @throws FulgurException if it cannot be read, has no samples, or its length is not that of a
   *     whole number of samples
   */
  public Dataset open() {
    if (recordBytes <= 0 || recordBytes > MappedFile.STEP) {
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS,
          "A sample of %s takes %d bytes. It must take 1 to %d; describe it with field(...) and label(...)."
              .formatted(file, recordBytes, MappedFile.STEP));
    }
    MappedFile mapped;
    try {
      mapped = MappedFile.open(file, order);
    } catch (IOException e) {
      throw DataFiles.unreadable(file, e);
    }
    long body = mapped.size() - headerBytes;
    if (body == 0) {
      throw DataErrors.empty(file.toString());
    }
    if (body < 0 || body % recordBytes != 0) {
      throw DataFiles.invalid(
          file,
          "has %d bytes, which is not a header of %d and a whole number of samples of %d: the last would end at byte %d. Check the fields; if they are right, the file was cut off."
              .formatted(
                  mapped.size(),
                  headerBytes,
                  recordBytes,
                  headerBytes + (Math.max(0, body) / recordBytes + 1) * recordBytes));
    }
    List<FileDataset.Field> placed =
        fields.stream()
            .map(
                field ->
                    new FileDataset.Field(
                        field.name(),
                        field.dtype(),
                        field.shape(),
                        headerBytes + field.begin(),
                        recordBytes,
                        field.label()))
            .toList();
    return new FileDataset(mapped, body / recordBytes, placed);
  }
}
