package io.fulgur;

import com.google.common.base.CaseFormat;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An option of the trainer as a table row: what it is called, which values it has and what it is
 * without one.
 *
 * @param name as {@link TrainerBuilder} and YAML files call it
 * @param otherwise its value if nobody gives one; null if that depends on other options
 * @param meaning in a few words, for the documentation
 */
record TrainerOption<T>(String name, OptionType<T> type, @Nullable T otherwise, String meaning) {
  /** What every environment variable of the trainer begins with. */
  static final String VARIABLE_PREFIX = "FULGUR_TRAINER_";

  /** Returns the environment variable, e.g. {@code FULGUR_TRAINER_MAX_EPOCHS}. */
  String variable() {
    return VARIABLE_PREFIX + CaseFormat.LOWER_CAMEL.to(CaseFormat.UPPER_UNDERSCORE, name);
  }

  /** Returns the default as a file would have it; empty if it depends on other options. */
  String defaultText() {
    T value = otherwise;
    if (value == null) {
      return "";
    }
    if (value instanceof Collection<?> elements) {
      return elements.stream().map(Object::toString).collect(Collectors.joining(","));
    }
    return value instanceof Enum<?> constant ? OptionType.spelling(constant) : value.toString();
  }
}
