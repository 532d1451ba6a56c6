package io.fulgur.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fulgur.tensor.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the cases of a family, as {@code src/reference} wrote them. */
final class ReferenceFile {
  private ReferenceFile() {}

  static List<ReferenceCase> read(String family) {
    try (InputStream in = ReferenceFile.class.getResourceAsStream(family + ".json")) {
      if (in == null) {
        throw new IllegalStateException("There are no reference values " + family + ".json");
      }
      List<ReferenceCase> cases = new ArrayList<>();
      for (JsonNode node : new ObjectMapper().readTree(in)) {
        cases.add(read(node));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ReferenceCase read(JsonNode node) {
    List<DType> types = new ArrayList<>();
    node.get("types").forEach(type -> types.add(DType.valueOf(type.asText())));
    List<@Nullable Values> inputs = new ArrayList<>();
    node.get("inputs").forEach(input -> inputs.add(input.isNull() ? null : values(input)));
    List<Values> outputs = new ArrayList<>();
    node.get("outputs").forEach(output -> outputs.add(values(output)));
    List<double[]> gradients = new ArrayList<>();
    node.path("grads").forEach(gradient -> gradients.add(numbers(gradient)));
    return new ReferenceCase(
        node.get("name").asText(),
        node.get("op").asText(),
        node.get("args"),
        types,
        inputs,
        outputs,
        gradients,
        node.path("differences").asBoolean(true));
  }

  private static Values values(JsonNode node) {
    String dtype = node.get("dtype").asText();
    double[] sizes = numbers(node.get("shape"));
    return new Values(
        dtype.equals("FLOAT") ? null : DType.valueOf(dtype),
        Arrays.stream(sizes).mapToLong(x -> (long) x).toArray(),
        numbers(node.get("values")));
  }

  static double[] numbers(JsonNode list) {
    double[] numbers = new double[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode number = list.get(i);
      numbers[i] = number.isTextual() ? Double.parseDouble(number.asText()) : number.doubleValue();
    }
    return numbers;
  }
}
