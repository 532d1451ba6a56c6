package io.fulgur.checkpoint;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads safetensors files, ours and those of other programs.
 *
 * <p>Opening reads and checks the header only. Each tensor is read into its own memory when it is
 * asked for, and is verified if the file has checksums.
 *
 * <pre>{@code
 * try (SafeTensorsReader reader = SafeTensorsReader.open(Path.of("model.safetensors"))) {
 *   module.loadStateDict(reader.readAll());
 * }
 * }</pre>
 *
 * @since 0.1
 */
public final class SafeTensorsReader implements AutoCloseable {
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  private static final int VERIFIED_BYTES = 1 << 20;

  private final Path file;
  private final PositionedFile data;
  private final SafeTensorsHeader header;
  private final long dataStart;
  private final @Nullable Checksums checksums;

  private SafeTensorsReader(Path file, PositionedFile data) throws IOException {
    this.file = file;
    this.data = data;
    long fileBytes = data.sizeBytes();
    long headerBytes = headerBytes(fileBytes);
    this.dataStart = SafeTensorsHeader.LENGTH_BYTES + headerBytes;
    ByteBuffer text = ByteBuffer.allocate((int) headerBytes);
    data.readFully(text, SafeTensorsHeader.LENGTH_BYTES);
    this.header = SafeTensorsParser.parse(file, text.flip(), fileBytes - dataStart);
    this.checksums = Checksums.of(file, header);
    if (checksums != null) {
      checksums.checkMetadata(file, header);
    }
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws FulgurException if there is no such file, it cannot be read, or it is damaged
   */
  public static SafeTensorsReader open(Path file) {
    if (Files.isDirectory(file)) {
      throw new FulgurException(
          ErrorId.FILE_UNREADABLE,
          file + " is a folder, not a safetensors file. Name a file in it.");
    }
    PositionedFile data = null;
    SafeTensorsReader reader = null;
    try {
      data = PositionedFile.open(file);
      reader = new SafeTensorsReader(file, data);
      return reader;
    } catch (NoSuchFileException e) {
      throw new FulgurException(
          ErrorId.CHECKPOINT_NOT_FOUND,
          "There is no file " + file.toAbsolutePath() + ". " + IoReasons.filesBeside(file),
          e);
    } catch (IOException e) {
      throw cannotRead(file, e);
    } finally {
      if (data != null && reader == null) {
        data.close();
      }
    }
  }

  /** Returns the path that was opened. */
  public Path file() {
    return file;
  }

  /** Returns the texts that the writer added, e.g. {@code format}. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /** Returns name, type, shape and place of all tensors, in the order of their data. */
  public Map<String, SafeTensorsEntry> entries() {
    return header.entries();
  }

  /**
   * Reads one tensor. It outlives any step scope.
   *
   * @throws FulgurException if there is none of this name, it cannot be read, or its checksum does
   *     not match
   */
  public Tensor read(String name) {
    SafeTensorsEntry entry = header.entries().get(name);
    if (entry == null) {
      throw new FulgurException(
          ErrorId.CHECKPOINT_MISMATCH,
          "%s has no tensor \"%s\". It has: %s."
              .formatted(file, name, String.join(", ", header.entries().keySet())));
    }
    Tensor tensor = Tensor.keptEmpty(entry.dtype(), entry.shape());
    CRC32C crc = Checksums.start(entry);
    try {
      TensorBytes.write(
          tensor,
          (offset, piece) -> {
            ByteBuffer filled = piece.duplicate();
            data.readFully(piece, dataStart + entry.begin() + offset);
            crc.update(filled);
          });
    } catch (IOException e) {
      throw cannotRead(file, e);
    }
    if (checksums != null) {
      checksums.check(file, entry, crc);
    }
    return tensor;
  }

  /**
   * Returns the place in the file of a tensor's first byte, for who maps the file into memory.
   *
   * @param entry one of {@link #entries()}
   */
  public long position(SafeTensorsEntry entry) {
    return dataStart + entry.begin();
  }

  /**
   * Reads everything once and compares it with the checksums; does nothing if the file has none.
   *
   * @throws FulgurException if the file cannot be read or a checksum does not match
   */
  public void verify() {
    if (checksums == null) {
      return;
    }
    ByteBuffer piece = ByteBuffer.allocate(VERIFIED_BYTES);
    for (SafeTensorsEntry entry : header.entries().values()) {
      CRC32C crc = Checksums.start(entry);
      try {
        for (long done = 0; done < entry.sizeBytes(); done += piece.limit()) {
          piece.clear().limit((int) Math.min(VERIFIED_BYTES, entry.sizeBytes() - done));
          data.readFully(piece, position(entry) + done);
          crc.update(piece.flip());
        }
      } catch (IOException e) {
        throw cannotRead(file, e);
      }
      checksums.check(file, entry, crc);
    }
  }

  /** Reads all tensors by name, in the order of their data. */
  public Map<String, Tensor> readAll() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    header.entries().keySet().forEach(name -> tensors.put(name, read(name)));
    return tensors;
  }

  /** Closes the file; tensors read from it stay. */
  @Override
  public void close() {
    data.close();
  }

  private long headerBytes(long fileBytes) throws IOException {
    if (fileBytes < SafeTensorsHeader.LENGTH_BYTES) {
      throw Corruption.of(
          file, "it has " + fileBytes + " bytes, but its first 8 must tell the header's length");
    }
    ByteBuffer first =
        ByteBuffer.allocate(SafeTensorsHeader.LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.readFully(first, 0);
    long length = first.getLong(0);
    if (length < 0 || length > SafeTensorsHeader.MAX_BYTES) {
      throw Corruption.of(
          file,
          "its first 8 bytes tell of a header of %s bytes, but %d are allowed%s"
              .formatted(Long.toUnsignedString(length), SafeTensorsHeader.MAX_BYTES, guess(first)));
    }
    if (length > fileBytes - SafeTensorsHeader.LENGTH_BYTES) {
      throw Corruption.of(
          file,
          "its header takes %d bytes from byte 8 on, but the file ends at byte %d: it was cut off"
              .formatted(length, fileBytes));
    }
    return length;
  }

  /** PyTorch's own files are archives, or pickles in old times. */
  private static String guess(ByteBuffer first) {
    boolean zip = true;
    for (int i = 0; i < ZIP.length; i++) {
      zip &= first.get(i) == ZIP[i];
    }
    return zip || (first.get(0) & 0xFF) == 0x80
        ? " (it looks like a file of PyTorch; save it from Python with"
            + " safetensors.torch.save_file(state_dict, path))"
        : "";
  }

  private static FulgurException cannotRead(Path file, IOException cause) {
    return new FulgurException(
        ErrorId.FILE_UNREADABLE,
        "%s cannot be read: %s. Check that it is a file that this user may read."
            .formatted(file.toAbsolutePath(), IoReasons.describe(cause)),
        cause);
  }
}
