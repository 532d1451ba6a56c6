package io.fulgur.profile;

import io.fulgur.error.Suggestions;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The profilers that have a name, for configuration.
 *
 * @since 0.1
 */
public final class Profilers {
  private static final Map<String, Supplier<Profiler>> BY_NAME =
      new TreeMap<>(
          Map.of(
              "simple", SimpleProfiler::new, "trace", () -> ChromeTraceProfiler.builder().build()));

  private Profilers() {}

  /** Makes the profiler of a name: {@code simple} or {@code trace}; null if there is none. */
  public static @Nullable Profiler named(String name) {
    Supplier<Profiler> maker = BY_NAME.get(name);
    return maker == null ? null : maker.get();
  }

  /** Returns the names. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(BY_NAME.keySet());
  }

  /** Returns what is wrong with a name that is not known. */
  public static String unknown(String name) {
    String hint = Suggestions.didYouMean(name, names());
    return "profiler is \"%s\"; it must be one of %s, or a Profiler%s"
        .formatted(name, String.join(", ", names()), hint.isEmpty() ? "" : "." + hint);
  }
}
