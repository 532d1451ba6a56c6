package io.fulgur.checkpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What stands in front of the data of a safetensors file.
 *
 * @param metadata texts by key, the entry {@code __metadata__}
 * @param entries the tensors by name, in the order of their data
 */
record SafeTensorsHeader(Map<String, String> metadata, Map<String, SafeTensorsEntry> entries) {
  /** The limit of the reference implementation. */
  static final int MAX_BYTES = 100_000_000;

  static final int LENGTH_BYTES = Long.BYTES;
  static final String METADATA = "__metadata__";
  private static final int ALIGNMENT = 8;

  SafeTensorsHeader {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  static SafeTensorsHeader of(Map<String, String> metadata, Collection<SafeTensorsEntry> entries) {
    Map<String, SafeTensorsEntry> byName = new LinkedHashMap<>();
    entries.forEach(entry -> byName.put(entry.name(), entry));
    return new SafeTensorsHeader(metadata, byName);
  }

  /** Returns how many bytes all tensors take. */
  long dataBytes() {
    return entries.values().stream().mapToLong(SafeTensorsEntry::sizeBytes).sum();
  }

  SafeTensorsHeader withMetadata(String key, String value) {
    Map<String, String> changed = new LinkedHashMap<>(metadata);
    changed.put(key, value);
    return new SafeTensorsHeader(changed, entries);
  }

  /** Returns length, JSON and the spaces that make the data start at a multiple of 8. */
  ByteBuffer encode() {
    byte[] json = Json.write(toJson()).getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (padded > MAX_BYTES) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "The header of a safetensors file may take %d bytes, but names and metadata of this one take %d. Save large values as tensors."
              .formatted(MAX_BYTES, padded));
    }
    byte[] text = Arrays.copyOf(json, padded);
    Arrays.fill(text, json.length, padded, (byte) ' ');
    return ByteBuffer.allocate(LENGTH_BYTES + padded)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(padded)
        .put(text)
        .flip();
  }

  private ObjectNode toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = root.putObject(METADATA);
      metadata.forEach(texts::put);
    }
    for (SafeTensorsEntry entry : entries.values()) {
      ObjectNode object = root.putObject(entry.name());
      object.put("dtype", entry.dtype().name());
      ArrayNode shape = object.putArray("shape");
      for (long size : entry.shape().toArray()) {
        shape.add(size);
      }
      object.putArray("data_offsets").add(entry.begin()).add(entry.end());
    }
    return root;
  }
}
