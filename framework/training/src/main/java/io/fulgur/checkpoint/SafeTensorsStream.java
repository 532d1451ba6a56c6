package io.fulgur.checkpoint;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes safetensors files whose tensors are not in memory as a whole, piece by piece.
 *
 * <p>The file is as {@link SafeTensorsWriter} would write it, checksums included.
 *
 * @since 0.1
 */
public final class SafeTensorsStream {
  private final SeekableByteChannel channel;
  private final long dataStart;
  private final Map<String, Open> open = new HashMap<>();

  /** A tensor that is being written. */
  private static final class Open {
    final SafeTensorsEntry entry;
    final CRC32C crc;
    long written;

    Open(SafeTensorsEntry entry) {
      this.entry = entry;
      this.crc = Checksums.start(entry);
    }
  }

  /**
   * A tensor to write.
   *
   * @param dtype the type of its elements
   * @param shape its sizes
   * @since 0.1
   */
  public record Layout(DType dtype, Shape shape) {
    long sizeBytes() {
      return shape.elements() * dtype.sizeBytes();
    }
  }

  /**
   * Produces the tensors. It may be called again from the start if the thread is interrupted.
   *
   * @since 0.1
   */
  @FunctionalInterface
  public interface Content {
    /** Appends every byte of every tensor; tensors may take turns. */
    void writeTo(SafeTensorsStream stream) throws IOException;
  }

  private SafeTensorsStream(SeekableByteChannel channel, long dataStart, SafeTensorsHeader header) {
    this.channel = channel;
    this.dataStart = dataStart;
    header.entries().forEach((name, entry) -> open.put(name, new Open(entry)));
  }

  /**
   * Writes a file atomically: until it is whole, whatever stood there before stays.
   *
   * @param tensors the tensors by name
   * @param metadata texts by key
   * @throws FulgurException if the file cannot be written; nothing is left behind then
   */
  public static void write(
      Path file, Map<String, Layout> tensors, Map<String, String> metadata, Content content) {
    SafeTensorsHeader header = SafeTensorsHeader.of(metadata, layOut(tensors));
    Checksums checksums = Checksums.begin(header);
    long headerBytes = encode(header, checksums).remaining();
    AtomicFiles.write(
        file,
        headerBytes + header.dataBytes(),
        channel -> {
          SafeTensorsStream stream = new SafeTensorsStream(channel, headerBytes, header);
          content.writeTo(stream);
          stream.finish(checksums);
          channel.position(0);
          SafeTensorsWriter.writeFully(channel, encode(header, checksums));
        });
  }

  /** Appends bytes to a tensor, little-endian and row-major. */
  public void append(String name, ByteBuffer bytes) throws IOException {
    Open tensor = open.get(name);
    if (tensor == null || tensor.written + bytes.remaining() > tensor.entry.sizeBytes()) {
      throw new IllegalStateException(
          "\"" + name + "\" was not announced, or has more bytes than announced");
    }
    tensor.crc.update(bytes.duplicate());
    channel.position(dataStart + tensor.entry.begin() + tensor.written);
    tensor.written += bytes.remaining();
    SafeTensorsWriter.writeFully(channel, bytes);
  }

  private void finish(Checksums checksums) {
    for (Open tensor : open.values()) {
      if (tensor.written != tensor.entry.sizeBytes()) {
        throw new IllegalStateException(
            "\"" + tensor.entry.name() + "\" has fewer bytes than announced");
      }
      checksums.set(tensor.entry, tensor.crc);
    }
  }

  private static ByteBuffer encode(SafeTensorsHeader header, Checksums checksums) {
    return header.withMetadata(Checksums.KEY, checksums.encode()).encode();
  }

  private static List<SafeTensorsEntry> layOut(Map<String, Layout> tensors) {
    List<Map.Entry<String, Layout>> sorted = new ArrayList<>(tensors.entrySet());
    sorted.sort(
        Comparator.comparing(
                (Map.Entry<String, Layout> entry) ->
                    SafeTensorsWriter.FALLING_ALIGNMENT.indexOf(entry.getValue().dtype()))
            .thenComparing(Map.Entry::getKey));
    List<SafeTensorsEntry> entries = new ArrayList<>(sorted.size());
    long position = 0;
    for (Map.Entry<String, Layout> entry : sorted) {
      Layout layout = entry.getValue();
      long end = position + layout.sizeBytes();
      entries.add(
          new SafeTensorsEntry(entry.getKey(), layout.dtype(), layout.shape(), position, end));
      position = end;
    }
    return entries;
  }
}
