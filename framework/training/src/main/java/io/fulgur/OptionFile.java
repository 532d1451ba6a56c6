package io.fulgur;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fulgur.error.Suggestions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Options in a YAML file. */
final class OptionFile {
  /** The lists of parts, which are no plain values. */
  private static final List<String> LISTS = List.of(OptionParts.CALLBACKS, OptionParts.LOGGERS);

  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private final String file;
  private final OptionValues values;
  private final OptionProblems problems;

  private OptionFile(Path file, OptionValues values, OptionProblems problems) {
    this.file = file.toString();
    this.values = values;
    this.problems = problems;
  }

  /**
   * Takes over the values of a file, but none that is null or empty. {@code checkValEveryNEpoch}
   * must not be null: in Lightning that does not mean its default.
   */
  static void read(Path path, OptionValues values, OptionProblems problems) {
    OptionFile file = new OptionFile(path, values, problems);
    JsonNode root = file.parse(path);
    if (root instanceof ObjectNode object) {
      object.properties().forEach(entry -> file.take(entry.getKey(), entry.getValue()));
    } else if (root != null && !root.isMissingNode() && !root.isNull()) {
      problems.add(
          "%s must hold names and values, one \"name: value\" a line, but holds %s"
              .formatted(path, root.isArray() ? "a list" : "a single value"));
    }
  }

  private @Nullable JsonNode parse(Path path) {
    try {
      return YAML.readTree(Files.readString(path));
    } catch (JsonProcessingException e) {
      problems.add(
          "%s is not valid YAML at line %d, column %d: %s"
              .formatted(
                  file,
                  e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                  e.getLocation() == null ? 0 : e.getLocation().getColumnNr(),
                  inOneLine(e.getOriginalMessage())));
    } catch (IOException e) {
      problems.add(
          "The options %s cannot be read: %s. Check that it is a text file in UTF-8 that this user may read"
              .formatted(
                  path.toAbsolutePath(),
                  e instanceof NoSuchFileException ? "there is no such file" : e));
    }
    return null;
  }

  /** Leaves out the excerpts of the file, which are indented. */
  private static String inOneLine(String message) {
    return message
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith(" "))
        .collect(Collectors.joining(", "));
  }

  private void take(String name, JsonNode node) {
    if (LISTS.contains(name)) {
      if (!isNothing(node)) {
        values.listIfMissing(name, node, "in " + file);
      }
      return;
    }
    TrainerOption<?> option = TrainerOptionTable.find(name);
    if (option == null) {
      List<String> known =
          Stream.concat(TrainerOptionTable.ALL.stream().map(TrainerOption::name), LISTS.stream())
              .toList();
      String near = Suggestions.didYouMean(name, known);
      problems.add(
          "There is no option \"%s\" (in %s).%s"
              .formatted(
                  name, file, near.isEmpty() ? " There are " + String.join(", ", known) : near));
      return;
    }
    if (isNothing(node)) {
      if (node.isNull() && option.equals(TrainerOptionTable.CHECK_VAL_EVERY_N_EPOCH)) {
        problems.add(
            "%s (in %s) is null. To count the batches of valCheckInterval over the end of an epoch, which is what that means in Lightning, set valCheckAcrossEpochs: true; else leave it out"
                .formatted(name, file));
      }
      return;
    }
    String text = text(node);
    Object value = text == null ? null : option.type().parse(text);
    if (value == null) {
      problems.add(
          "%s (in %s) is %s; it must be %s".formatted(name, file, node, option.type().allowed()));
    } else {
      values.setIfMissing(option, value, "in " + file);
    }
  }

  /** Returns whether nothing follows a name, or only comments do. */
  private static boolean isNothing(JsonNode node) {
    return node.isNull() || (node.isTextual() && node.textValue().isEmpty());
  }

  /** Returns a value as an environment variable would have it; null for what none can have. */
  private static @Nullable String text(JsonNode node) {
    if (node instanceof ArrayNode list) {
      List<String> elements = new ArrayList<>();
      for (JsonNode element : list) {
        if (!element.isTextual()) {
          return null;
        }
        elements.add(element.textValue());
      }
      return String.join(",", elements);
    }
    return node.isValueNode() ? node.asText() : null;
  }
}
