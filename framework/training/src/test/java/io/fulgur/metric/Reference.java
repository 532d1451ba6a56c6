package io.fulgur.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Numbers that {@code make_metrics.py} has written. */
final class Reference {
  private final JsonNode node;

  private Reference(JsonNode node) {
    this.node = node;
  }

  static Reference of(String family) {
    try (InputStream in = Reference.class.getResourceAsStream(family + ".json")) {
      return new Reference(new ObjectMapper().readTree(Objects.requireNonNull(in, family)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode node(String... path) {
    JsonNode found = node;
    for (String name : path) {
      found = Objects.requireNonNull(found.get(name), name);
    }
    return found;
  }

  double number(String... path) {
    return node(path).doubleValue();
  }

  double[] numbers(String... path) {
    return doubles(node(path));
  }

  static double[] doubles(JsonNode list) {
    double[] values = new double[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).doubleValue();
    }
    return values;
  }

  static long[] longs(JsonNode list) {
    long[] values = new long[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).longValue();
    }
    return values;
  }

  /** Returns an array as a tensor of {@code F64}. */
  Tensor scores(String name) {
    return Tensor.of(doubles(node(name, "values")), longs(node(name, "shape")));
  }

  /** Returns an array as a tensor of {@code I64}. */
  Tensor labels(String name) {
    return Tensor.of(longs(node(name, "values")), longs(node(name, "shape")));
  }
}
