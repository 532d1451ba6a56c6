package io.fulgur.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a case calls its operator with: tensors by position, other arguments by position or name.
 */
final class Arguments {
  private final @Nullable Tensor[] tensors;
  private final JsonNode others;

  Arguments(@Nullable Tensor[] tensors, JsonNode others) {
    this.tensors = tensors;
    this.others = others;
  }

  Tensor tensor(int index) {
    Tensor tensor = tensors[index];
    if (tensor == null) {
      throw new IllegalArgumentException("Input " + index + " is left out in this case");
    }
    return tensor;
  }

  /** Returns an input, or null where the case leaves it out or has fewer. */
  @Nullable Tensor optional(int index) {
    return index < tensors.length ? tensors[index] : null;
  }

  /** Returns the inputs from an index on. */
  Tensor[] tensors(int from) {
    Tensor[] rest = new Tensor[tensors.length - from];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = tensor(from + i);
    }
    return rest;
  }

  boolean has(String name) {
    return others.hasNonNull(name);
  }

  double number(String name) {
    return number(node(name));
  }

  double number(int index) {
    return number(node(index));
  }

  int integer(String name) {
    return (int) number(name);
  }

  int integer(int index) {
    return (int) number(index);
  }

  boolean flag(String name) {
    return node(name).isBoolean() ? node(name).booleanValue() : number(name) != 0;
  }

  boolean flag(int index) {
    return number(index) != 0;
  }

  String text(String name) {
    return node(name).asText();
  }

  /** Returns a list of numbers; a single one is a list, too. */
  long[] longs(String name) {
    JsonNode node = node(name);
    double[] numbers = node.isArray() ? ReferenceFile.numbers(node) : new double[] {number(node)};
    return Arrays.stream(numbers).mapToLong(x -> (long) x).toArray();
  }

  /** As {@link #longs(String)}. */
  int[] integers(String name) {
    return Arrays.stream(longs(name)).mapToInt(x -> (int) x).toArray();
  }

  /** Returns the positional arguments from an index on. */
  long[] longs(int from) {
    return Arrays.stream(ReferenceFile.numbers(others))
        .skip(from)
        .mapToLong(x -> (long) x)
        .toArray();
  }

  /** Returns the positional arguments from an index on. */
  int[] integers(int from) {
    return Arrays.stream(longs(from)).mapToInt(x -> (int) x).toArray();
  }

  private static double number(JsonNode node) {
    return node.isTextual() ? Double.parseDouble(node.asText()) : node.doubleValue();
  }

  private JsonNode node(String name) {
    JsonNode node = others.get(name);
    if (node == null) {
      throw new IllegalArgumentException("The case has no argument " + name + ": " + others);
    }
    return node;
  }

  private JsonNode node(int index) {
    JsonNode node = others.get(index);
    if (node == null) {
      throw new IllegalArgumentException("The case has no argument " + index + ": " + others);
    }
    return node;
  }
}
