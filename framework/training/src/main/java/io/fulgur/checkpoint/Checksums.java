package io.fulgur.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fulgur.error.FulgurException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * CRC-32C of each tensor and of the metadata, as they stand in a file's own metadata.
 *
 * <p>A tensor's sum covers its name, type and shape, too, so that a changed bit anywhere in the
 * file is found. Nothing depends on the order or the spacing of the header, so that a program that
 * rewrites the file unchanged keeps the sums valid.
 */
final class Checksums {
  static final String KEY = "fulgur_checksums";
  private static final String ALGORITHM = "crc32c";
  private static final int DIGITS = 8;

  private final String metadata;
  private final Map<String, String> tensors;

  private Checksums(String metadata, Map<String, String> tensors) {
    this.metadata = metadata;
    this.tensors = tensors;
  }

  /** Returns sums for the given metadata and, as yet unknown, for all entries. */
  static Checksums begin(SafeTensorsHeader header) {
    Map<String, String> zeros = new LinkedHashMap<>();
    header.entries().keySet().forEach(name -> zeros.put(name, "0".repeat(DIGITS)));
    return new Checksums(ofMetadata(header.metadata()), zeros);
  }

  /** Returns the sums that a file holds, or null if another program wrote it. */
  static @Nullable Checksums of(Path file, SafeTensorsHeader header) {
    String text = header.metadata().get(KEY);
    if (text == null) {
      return null;
    }
    try {
      JsonNode json = Json.MAPPER.readTree(text).path(ALGORITHM);
      Map<String, String> tensors = new LinkedHashMap<>();
      json.path("tensors")
          .properties()
          .forEach(entry -> tensors.put(entry.getKey(), entry.getValue().asText()));
      return new Checksums(json.path("metadata").asText(), tensors);
    } catch (JsonProcessingException e) {
      throw Corruption.of(file, "its metadata \"" + KEY + "\" is not valid JSON", e);
    }
  }

  /** Starts the sum of a tensor; its data is to be added. */
  static CRC32C start(SafeTensorsEntry entry) {
    CRC32C crc = new CRC32C();
    update(crc, entry.name());
    update(crc, entry.dtype().name());
    update(crc, entry.shape().toString());
    return crc;
  }

  void set(SafeTensorsEntry entry, CRC32C crc) {
    tensors.put(entry.name(), hex(crc));
  }

  void checkMetadata(Path file, SafeTensorsHeader header) {
    if (!metadata.equals(ofMetadata(header.metadata()))) {
      throw changed(file, "its metadata");
    }
    for (String name : tensors.keySet()) {
      if (!header.entries().containsKey(name)) {
        throw changed(file, "tensor \"" + name + "\" is not in it");
      }
    }
  }

  void check(Path file, SafeTensorsEntry entry, CRC32C crc) {
    if (!hex(crc).equals(tensors.get(entry.name()))) {
      throw changed(
          file,
          "tensor \"%s\", %d bytes from %d of its data,"
              .formatted(entry.name(), entry.sizeBytes(), entry.begin()));
    }
  }

  String encode() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode sums = root.putObject(ALGORITHM);
    sums.put("metadata", metadata);
    ObjectNode each = sums.putObject("tensors");
    tensors.forEach(each::put);
    return Json.write(root);
  }

  private static FulgurException changed(Path file, String what) {
    return Corruption.of(
        file,
        what
            + " does not match the checksum in the file: it has changed since it was written."
            + " (If another program changed it on purpose, let that program drop the metadata entry \""
            + KEY
            + "\")");
  }

  private static String ofMetadata(Map<String, String> metadata) {
    CRC32C crc = new CRC32C();
    new TreeMap<>(metadata)
        .forEach(
            (key, value) -> {
              if (!key.equals(KEY)) {
                update(crc, key);
                update(crc, value);
              }
            });
    return hex(crc);
  }

  private static void update(CRC32C crc, String text) {
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    crc.update(0);
  }

  private static String hex(CRC32C crc) {
    return "%08x".formatted(crc.getValue());
  }
}
