package io.fulgur;

import io.fulgur.callback.stopping.Timer;
import io.fulgur.error.FulgurException;
import io.fulgur.precision.Precision;
import io.fulgur.precision.PrecisionPlugin;
import io.fulgur.profile.Profiler;
import io.fulgur.profile.Profilers;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The values that an option of the trainer may have, and how a text in a file or an environment
 * variable becomes one.
 *
 * @param allowed what is allowed, to go on after "it must be"
 * @param reader returns null, or throws an {@link IllegalArgumentException}, for any other text
 */
record OptionType<T>(String allowed, Reader<T> reader) {
  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d+");

  static final OptionType<Integer> INTEGER =
      new OptionType<>("a whole number", text -> Integer.valueOf(text));
  static final OptionType<Long> LONG =
      new OptionType<>("a whole number", text -> Long.valueOf(text));
  static final OptionType<Double> NUMBER =
      new OptionType<>("a number", text -> Double.valueOf(text));
  static final OptionType<Boolean> TRUTH = new OptionType<>("true or false", OptionType::truth);

  /** An {@link Integer} counts batches, a {@link Double} is a fraction. */
  static final OptionType<Number> LIMIT =
      new OptionType<>(
          "a number of batches such as 10, or a fraction such as 0.25", OptionType::limit);

  /** As {@link #LIMIT}, or a {@link Duration}. */
  static final OptionType<Object> INTERVAL =
      new OptionType<>(
          "a number of batches such as 10, a fraction of an epoch such as 0.25, or a time as"
              + " days:hours:minutes:seconds such as 00:01:30:00",
          text -> isTime(text) ? Timer.parseDuration(text) : limit(text));

  static final OptionType<Duration> TIME =
      new OptionType<>(
          "a time as days:hours:minutes:seconds such as 00:12:00:00", Timer::parseDuration);

  /** A number of batches, or whether to try one. */
  static final OptionType<Integer> TRIAL =
      new OptionType<>(
          "a number of batches, or true or false",
          text -> {
            Boolean truth = truth(text);
            return truth == null ? Integer.valueOf(text) : truth ? 1 : 0;
          });

  static final OptionType<Path> PATH = new OptionType<>("a path", OptionType::path);
  static final OptionType<PrecisionPlugin> PRECISION =
      new OptionType<>(
          "one of "
              + String.join(
                  ", ", Arrays.stream(Precision.values()).map(Precision::spelling).toList()),
          text -> Precision.parse(text).plugin());
  static final OptionType<Profiler> PROFILER =
      new OptionType<>("one of " + String.join(", ", Profilers.names()), Profilers::named);
  static final OptionType<List<String>> TEXTS =
      new OptionType<>(
          "names separated by commas",
          text -> Arrays.stream(text.split(",")).map(String::strip).toList());

  /** Makes a value of a text. */
  @FunctionalInterface
  interface Reader<T> {
    @Nullable T read(String text);
  }

  /** Returns the type whose values are the constants of an enum, named in lower case. */
  static <E extends Enum<E>> OptionType<E> oneOf(Class<E> type) {
    List<String> names = Arrays.stream(type.getEnumConstants()).map(OptionType::spelling).toList();
    return new OptionType<>(
        "one of " + String.join(", ", names),
        text ->
            Arrays.stream(type.getEnumConstants())
                .filter(constant -> spelling(constant).equalsIgnoreCase(text))
                .findFirst()
                .orElse(null));
  }

  /** Returns how a constant is written in files and environment variables. */
  static String spelling(Enum<?> constant) {
    return constant.toString().toLowerCase(Locale.ROOT);
  }

  /** Returns the value of a text, or null if it is none of this type. */
  @Nullable T parse(String text) {
    try {
      return reader.read(text.strip());
    } catch (IllegalArgumentException | FulgurException e) {
      return null;
    }
  }

  private static @Nullable Boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> null;
    };
  }

  private static Number limit(String text) {
    return WHOLE.matcher(text).matches()
        ? (Number) Integer.valueOf(text)
        : (Number) Double.valueOf(text);
  }

  private static boolean isTime(String text) {
    return text.contains(":") || text.startsWith("P");
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
