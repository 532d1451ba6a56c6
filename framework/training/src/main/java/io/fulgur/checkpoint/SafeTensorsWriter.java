package io.fulgur.checkpoint;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes safetensors files, which Python's {@code safetensors} and many other programs read.
 *
 * <p>The layout is that of the reference implementation: tensors by falling alignment of their
 * type, then by name, without holes. The bytes go from the tensors' memory to the file without
 * passing through the heap. Checksums of every tensor and of the metadata are added to the metadata
 * under {@code fulgur_checksums}; {@link SafeTensorsReader} verifies them.
 *
 * @since 0.1
 */
public final class SafeTensorsWriter {
  /** The order of the reference implementation. */
  static final List<DType> FALLING_ALIGNMENT =
      List.of(
          DType.I64, DType.F64, DType.F32, DType.I32, DType.BF16, DType.F16, DType.U8, DType.BOOL);

  private final SafeTensorsHeader header;
  private final Map<String, Tensor> tensors;

  private SafeTensorsWriter(Map<String, Tensor> tensors, Map<String, String> metadata) {
    this.tensors = tensors;
    this.header = SafeTensorsHeader.of(metadata, layOut(tensors));
  }

  /**
   * Writes a file atomically: until it is whole, whatever stood there before stays.
   *
   * @param tensors the tensors by name, of any type, contiguous or not
   * @param metadata texts by key
   * @throws FulgurException if the file cannot be written; nothing is left behind then
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    prepare(tensors, metadata).write(file, AtomicFiles.DEFAULT_OPENER);
  }

  static SafeTensorsWriter prepare(Map<String, Tensor> tensors, Map<String, String> metadata) {
    if (tensors.containsKey(SafeTensorsHeader.METADATA)) {
      throw reserved("A tensor", SafeTensorsHeader.METADATA);
    }
    if (metadata.containsKey(Checksums.KEY)) {
      throw reserved("A metadata entry", Checksums.KEY);
    }
    return new SafeTensorsWriter(tensors, metadata);
  }

  void write(Path file, AtomicFiles.Opener opener) {
    Checksums checksums = Checksums.begin(header);
    long headerBytes = encode(checksums).remaining();
    AtomicFiles.write(
        file,
        headerBytes + header.dataBytes(),
        channel -> {
          // The sums are known only when the data has been written, but take equally many digits.
          channel.position(headerBytes);
          writeData(channel, checksums);
          channel.position(0);
          writeFully(channel, encode(checksums));
        },
        opener);
  }

  private ByteBuffer encode(Checksums checksums) {
    return header.withMetadata(Checksums.KEY, checksums.encode()).encode();
  }

  private void writeData(SeekableByteChannel channel, Checksums checksums) throws IOException {
    for (SafeTensorsEntry entry : header.entries().values()) {
      CRC32C crc = Checksums.start(entry);
      Tensor tensor = tensors.get(entry.name());
      if (tensor == null) {
        throw new IllegalStateException("The tensors changed while they were being written");
      }
      TensorBytes.read(
          tensor,
          (offset, piece) -> {
            crc.update(piece.duplicate());
            writeFully(channel, piece);
          });
      checksums.set(entry, crc);
    }
  }

  static void writeFully(SeekableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static List<SafeTensorsEntry> layOut(Map<String, Tensor> tensors) {
    List<Map.Entry<String, Tensor>> sorted = new ArrayList<>(tensors.entrySet());
    sorted.sort(
        Comparator.comparing(
                (Map.Entry<String, Tensor> entry) ->
                    FALLING_ALIGNMENT.indexOf(entry.getValue().dtype()))
            .thenComparing(Map.Entry::getKey));
    List<SafeTensorsEntry> entries = new ArrayList<>(sorted.size());
    long position = 0;
    for (Map.Entry<String, Tensor> entry : sorted) {
      Tensor tensor = entry.getValue();
      long end = position + tensor.elements() * tensor.dtype().sizeBytes();
      entries.add(
          new SafeTensorsEntry(entry.getKey(), tensor.dtype(), tensor.shape(), position, end));
      position = end;
    }
    return entries;
  }

  static List<String> dtypeNames() {
    return FALLING_ALIGNMENT.stream().map(DType::name).toList();
  }

  private static FulgurException reserved(String what, String name) {
    return new FulgurException(
        ErrorId.INVALID_ARGUMENT,
        "%s of a safetensors file must not be named \"%s\": the format itself uses that name. Give it another one."
            .formatted(what, name));
  }
}
