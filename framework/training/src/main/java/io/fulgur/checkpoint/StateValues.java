package io.fulgur.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Collection;

/** Converts the values of a {@link State}, with errors that say which entry of which state. */
final class StateValues {
  private StateValues() {}

  static boolean booleanValue(State state, String name, JsonNode node) {
    if (!node.isBoolean()) {
      throw wrongType(state, name, node, "true or false");
    }
    return node.booleanValue();
  }

  static int intValue(State state, String name, JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw wrongType(state, name, node, "an integer of 32 bits");
    }
    return node.intValue();
  }

  static long longValue(State state, String name, JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw wrongType(state, name, node, "an integer of 64 bits");
    }
    return node.longValue();
  }

  /** JSON has no infinities and no NaN; Jackson writes them as texts. */
  static double doubleValue(State state, String name, JsonNode node) {
    if (node.isNumber()) {
      return node.doubleValue();
    }
    return switch (node.isTextual() ? node.textValue() : "") {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw wrongType(state, name, node, "a number");
    };
  }

  static String stringValue(State state, String name, JsonNode node) {
    if (!node.isTextual()) {
      throw wrongType(state, name, node, "a text");
    }
    return node.textValue();
  }

  static JsonNode array(State state, String name, JsonNode node) {
    if (!node.isArray()) {
      throw wrongType(state, name, node, "a list");
    }
    return node;
  }

  static FulgurException missing(State state, String what, String name, Collection<String> names) {
    return new FulgurException(
        ErrorId.STATE_MISMATCH,
        "%s has no %s \"%s\". It has: %s. Was it saved by another version of this class?"
            .formatted(
                place(state), what, name, names.isEmpty() ? "none" : String.join(", ", names)));
  }

  private static FulgurException wrongType(
      State state, String name, JsonNode node, String expected) {
    return new FulgurException(
        ErrorId.STATE_MISMATCH,
        "%s holds %s under \"%s\", where %s is expected. Was it saved by another version of this class?"
            .formatted(place(state), Json.excerpt(node), name, expected));
  }

  private static String place(State state) {
    return state.where().isEmpty() ? "The saved state" : "The saved state " + state.where();
  }
}
