package io.fulgur.checkpoint;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How names of a PyTorch {@code state_dict} and those of a module turn into each other: {@code
 * encoder.0.in_proj_weight} is {@code encoder.0.inProjWeight}, and {@code lstm.weight_ih_l0} is
 * {@code lstm.weightIhL0}.
 *
 * @since 0.1
 */
public final class PyTorchNames {
  private PyTorchNames() {}

  /** Returns a name with each of its parts in Java's style. */
  public static String toFulgur(String name) {
    return Arrays.stream(name.split("\\.", -1))
        .map(PyTorchNames::camelCase)
        .collect(Collectors.joining("."));
  }

  /** Returns a name with each of its parts in Python's style. */
  public static String toPyTorch(String name) {
    return Arrays.stream(name.split("\\.", -1))
        .map(PyTorchNames::snakeCase)
        .collect(Collectors.joining("."));
  }

  private static String camelCase(String part) {
    StringBuilder text = new StringBuilder(part.length());
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      boolean joins =
          c == '_'
              && i > 0
              && i + 1 < part.length()
              && part.charAt(i + 1) != '_'
              && !text.isEmpty();
      if (joins) {
        text.append(Character.toUpperCase(part.charAt(++i)));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static String snakeCase(String part) {
    return part.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
