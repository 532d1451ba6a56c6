package io.fulgur.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of a safetensors file and trusts nothing in it: names are unique, types known,
 * sizes fit types and shapes, and the tensors cover the data without gap, overlap or rest.
 */
final class SafeTensorsParser {
  private final Path file;
  private final long dataBytes;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<SafeTensorsEntry> entries = new ArrayList<>();

  private SafeTensorsParser(Path file, long dataBytes) {
    this.file = file;
    this.dataBytes = dataBytes;
  }

  /**
   * Parses the JSON of a header.
   *
   * @param header the bytes after the length
   * @param dataBytes how many bytes of the file follow the header
   */
  static SafeTensorsHeader parse(Path file, ByteBuffer header, long dataBytes) {
    SafeTensorsParser parser = new SafeTensorsParser(file, dataBytes);
    parser.readHeader(parser.decode(header));
    return SafeTensorsHeader.of(parser.metadata, parser.inOrderOfData());
  }

  private String decode(ByteBuffer header) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(header).toString();
    } catch (CharacterCodingException e) {
      throw corrupt("its header is not UTF-8 text", e);
    }
  }

  private void readHeader(String text) {
    if (!text.startsWith("{")) {
      throw corrupt(
          "its header must start with \"{\" at byte 8, but starts with \""
              + Json.excerpt(text)
              + "\"");
    }
    try (JsonParser json = Json.MAPPER.createParser(text)) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        if (name.equals(SafeTensorsHeader.METADATA)) {
          readMetadata(json);
        } else {
          entries.add(readEntry(name, Json.VALUES.readValue(json)));
        }
      }
      if (json.nextToken() != null) {
        throw corrupt("something follows the JSON object of its header");
      }
    } catch (JsonProcessingException e) {
      throw corrupt(
          "its header is not valid JSON at character %d: %s"
              .formatted(
                  e.getLocation() == null ? 0 : e.getLocation().getCharOffset(),
                  e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw corrupt("its header cannot be parsed: " + e.getMessage(), e);
    }
  }

  private void readMetadata(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw corrupt("its entry __metadata__ is not an object");
    }
    for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
      String value = json.nextTextValue();
      if (value == null) {
        throw corrupt("its metadata \"" + key + "\" is not a text");
      }
      metadata.put(key, value);
    }
  }

  private SafeTensorsEntry readEntry(String name, @Nullable JsonNode node) {
    if (node == null || !node.isObject()) {
      throw corrupt("its entry \"" + name + "\" is not an object");
    }
    DType dtype = dtype(name, node.path("dtype"));
    long[] sizes = numbers(name, "shape", node.path("shape"));
    long[] offsets = numbers(name, "data_offsets", node.path("data_offsets"));
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw corrupt(
          "data_offsets of \"%s\" must be a begin and an end not before it, but are %s"
              .formatted(name, node.path("data_offsets")));
    }
    long size = sizeBytes(name, dtype, sizes);
    if (size != offsets[1] - offsets[0]) {
      throw corrupt(
          "\"%s\" takes %d bytes of data from %d to %d, but %s of shape %s takes %d"
              .formatted(
                  name,
                  offsets[1] - offsets[0],
                  offsets[0],
                  offsets[1],
                  dtype,
                  node.path("shape"),
                  size));
    }
    return new SafeTensorsEntry(name, dtype, Shape.of(sizes), offsets[0], offsets[1]);
  }

  private DType dtype(String name, JsonNode node) {
    for (DType dtype : DType.values()) {
      if (node.isTextual() && dtype.name().equals(node.textValue())) {
        return dtype;
      }
    }
    throw corrupt(
        "\"%s\" has dtype %s, but Fulgur knows only %s"
            .formatted(
                name,
                node.isMissingNode() ? "none" : Json.excerpt(node),
                String.join(", ", SafeTensorsWriter.dtypeNames())));
  }

  private long[] numbers(String name, String field, JsonNode node) {
    if (!node.isArray()) {
      throw corrupt("\"%s\" has no list %s".formatted(name, field));
    }
    long[] numbers = new long[node.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode element = node.get(i);
      if (!element.isIntegralNumber() || !element.canConvertToLong() || element.longValue() < 0) {
        throw corrupt(
            "%s of \"%s\" must be non-negative integers, but are %s"
                .formatted(field, name, Json.excerpt(node)));
      }
      numbers[i] = element.longValue();
    }
    return numbers;
  }

  private long sizeBytes(String name, DType dtype, long[] sizes) {
    try {
      long bytes = dtype.sizeBytes();
      for (long size : sizes) {
        bytes = Math.multiplyExact(bytes, size);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw corrupt(
          "\"%s\" has a shape of more than 2^63 bytes: %s".formatted(name, Arrays.toString(sizes)),
          e);
    }
  }

  private List<SafeTensorsEntry> inOrderOfData() {
    List<SafeTensorsEntry> sorted = new ArrayList<>(entries);
    sorted.sort(
        Comparator.comparingLong(SafeTensorsEntry::begin).thenComparingLong(SafeTensorsEntry::end));
    long position = 0;
    for (SafeTensorsEntry entry : sorted) {
      if (entry.begin() != position) {
        throw corrupt(
            "\"%s\" begins at byte %d of the data, but the tensors before it end at %d: there is %s"
                .formatted(
                    entry.name(),
                    entry.begin(),
                    position,
                    entry.begin() < position ? "an overlap" : "a gap"));
      }
      position = entry.end();
    }
    if (position != dataBytes) {
      throw corrupt(
          "its tensors take %d bytes, but %d follow the header: %s"
              .formatted(
                  position,
                  dataBytes,
                  dataBytes < position
                      ? "the file was cut off"
                      : "something has been appended to it"));
    }
    return sorted;
  }

  private FulgurException corrupt(String problem) {
    return Corruption.of(file, problem);
  }

  private FulgurException corrupt(String problem, Throwable cause) {
    return Corruption.of(file, problem, cause);
  }
}
