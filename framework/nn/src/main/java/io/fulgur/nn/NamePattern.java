package io.fulgur.nn;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.error.Suggestions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names of parameters by a pattern: {@code *} stands for any characters, dots among them, {@code ?}
 * for one. The name of a module stands for all that is in it.
 */
final class NamePattern {
  private final String pattern;
  private final Pattern regex;

  private NamePattern(String pattern) {
    this.pattern = pattern;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      switch (c) {
        case '*' -> text.append(".*");
        case '?' -> text.append('.');
        default -> text.append(Pattern.quote(String.valueOf(c)));
      }
    }
    this.regex = Pattern.compile(text + "(\\..*)?");
  }

  /**
   * Returns what a map has by names that match.
   *
   * @throws FulgurException if nothing matches, as that is nearly always a mistake
   */
  static <T> List<T> select(String owner, String pattern, Map<String, T> byName) {
    NamePattern names = new NamePattern(pattern);
    List<T> selected = new ArrayList<>();
    byName.forEach(
        (name, value) -> {
          if (names.matches(name)) {
            selected.add(value);
          }
        });
    if (selected.isEmpty()) {
      throw names.nothing(owner, byName.keySet());
    }
    return selected;
  }

  private boolean matches(String name) {
    return regex.matcher(name).matches();
  }

  private FulgurException nothing(String owner, Collection<String> names) {
    return new FulgurException(
        ErrorId.UNKNOWN_NAME,
        "No parameter of %s matches \"%s\".%s It has: %s."
            .formatted(
                owner, pattern, Suggestions.didYouMean(pattern, names), String.join(", ", names)));
  }
}
