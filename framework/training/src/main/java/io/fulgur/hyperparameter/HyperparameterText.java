package io.fulgur.hyperparameter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Plain values as JSON and YAML. Trees only: no tag and no text makes a class be instantiated. */
final class HyperparameterText {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .stringQuotingChecker(new Quoting())
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .build());

  private HyperparameterText() {}

  /** Jackson leaves some names without quotes that are read differently, such as an empty one. */
  private static final class Quoting extends StringQuotingChecker.Default {
    private static final long serialVersionUID = 1L;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");

    @Override
    public boolean needToQuoteName(String name) {
      return !PLAIN.matcher(name).matches() || super.needToQuoteName(name);
    }
  }

  static ObjectNode toJson(Map<String, @Nullable Object> values) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    values.forEach((name, value) -> object.set(name, node(value)));
    return object;
  }

  private static JsonNode node(@Nullable Object value) {
    JsonNodeFactory factory = JsonNodeFactory.instance;
    if (value instanceof Map<?, ?> map) {
      ObjectNode object = factory.objectNode();
      map.forEach((name, inner) -> object.set(String.valueOf(name), node(inner)));
      return object;
    }
    if (value instanceof List<?> list) {
      ArrayNode array = factory.arrayNode();
      list.forEach(element -> array.add(node(element)));
      return array;
    }
    if (value instanceof Boolean truth) {
      return factory.booleanNode(truth);
    }
    if (value instanceof Long integer) {
      return factory.numberNode(integer.longValue());
    }
    if (value instanceof Double number) {
      // JSON has no infinities and no NaN; as texts they convert back to numbers.
      return Double.isFinite(number)
          ? factory.numberNode(number.doubleValue())
          : factory.textNode(number.toString());
    }
    return value == null ? factory.nullNode() : factory.textNode(value.toString());
  }

  static Map<String, @Nullable Object> fromJson(ObjectNode json) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    json.properties().forEach(entry -> values.put(entry.getKey(), value(entry.getValue())));
    return values;
  }

  private static @Nullable Object value(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return Collections.unmodifiableMap(fromJson(object));
    }
    if (node instanceof ArrayNode array) {
      List<@Nullable Object> list = new ArrayList<>();
      array.forEach(element -> list.add(value(element)));
      return Collections.unmodifiableList(list);
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isIntegralNumber()) {
      return node.canConvertToLong() ? (Object) node.longValue() : node.asText();
    }
    if (node.isNumber()) {
      return node.doubleValue();
    }
    return node.isNull() ? null : node.asText();
  }

  static String toYaml(Map<String, @Nullable Object> values) {
    try {
      return YAML.writeValueAsString(toJson(values));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A JSON tree could not be written as YAML", e);
    }
  }

  static ObjectNode parseYaml(String yaml, String source) {
    JsonNode node;
    try {
      node = YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new FulgurException(
          ErrorId.INVALID_HYPERPARAMETER_FILE,
          "%s is not valid YAML%s: %s".formatted(source, place(e), e.getOriginalMessage()),
          e);
    }
    if (node.isMissingNode() || node.isNull()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new FulgurException(
        ErrorId.INVALID_HYPERPARAMETER_FILE,
        "%s must hold names and values, one \"name: value\" a line, but holds %s."
            .formatted(source, node.isArray() ? "a list" : "a single value"));
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " at line %d, column %d"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }
}
