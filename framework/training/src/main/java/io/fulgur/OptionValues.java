package io.fulgur;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was given for each option, and by whom. The first to give a value wins: the builder's own
 * calls, then files, then the environment.
 */
final class OptionValues {
  /**
   * A value.
   *
   * @param origin where it is from, e.g. {@code trainer.yaml}; empty for a call of the builder
   */
  private record Given(Object value, String origin) {}

  private final Map<TrainerOption<?>, Given> given;

  /** The lists of callbacks and of loggers that files ask for, by their names. */
  private final Map<String, Given> lists = new HashMap<>();

  OptionValues() {
    this(new LinkedHashMap<>());
  }

  private OptionValues(Map<TrainerOption<?>, Given> given) {
    this.given = given;
  }

  OptionValues copy() {
    return new OptionValues(new LinkedHashMap<>(given));
  }

  /** Gives a value by a call of the builder; the last call counts. */
  <T> void set(TrainerOption<T> option, T value) {
    given.put(option, new Given(value, ""));
  }

  /** Takes a value back, so that the default counts. */
  void unset(TrainerOption<?> option) {
    given.remove(option);
  }

  /** Gives a value that was read, unless there is one. */
  void setIfMissing(TrainerOption<?> option, Object value, String origin) {
    given.putIfAbsent(option, new Given(value, origin));
  }

  /** Gives a list of parts that a file asks for, unless another has. */
  void listIfMissing(String name, JsonNode asked, String origin) {
    lists.putIfAbsent(name, new Given(asked, origin));
  }

  /** Returns a list of parts that a file asks for; null if none does. */
  @Nullable JsonNode list(String name) {
    Given found = lists.get(name);
    return found == null ? null : (JsonNode) found.value();
  }

  /** Returns which file asks for a list, e.g. {@code in trainer.yaml}. */
  String listOrigin(String name) {
    Given found = lists.get(name);
    return found == null ? "" : found.origin();
  }

  boolean isGiven(TrainerOption<?> option) {
    return given.containsKey(option);
  }

  /** Returns the value of an option, or its default; null if it has none. */
  <T> @Nullable T find(TrainerOption<T> option) {
    Given found = given.get(option);
    if (found == null) {
      return option.otherwise();
    }
    @SuppressWarnings("unchecked") // Only the option's own type puts a value there.
    T value = (T) found.value();
    return value;
  }

  /** Returns the value of an option that has a default. */
  <T> T get(TrainerOption<T> option) {
    T value = find(option);
    if (value == null) {
      throw new IllegalStateException(option.name() + " has no default");
    }
    return value;
  }

  /** Returns e.g. {@code maxEpochs} or {@code maxEpochs (in trainer.yaml)}, for messages. */
  String described(TrainerOption<?> option) {
    Given found = given.get(option);
    return found == null || found.origin().isEmpty()
        ? option.name()
        : option.name() + " (" + found.origin() + ")";
  }
}
