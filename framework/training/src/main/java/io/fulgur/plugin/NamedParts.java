package io.fulgur.plugin;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parts of a trainer that a file may ask for by name.
 *
 * @since 0.1
 */
public interface NamedParts {
  /** Returns the names in order. */
  Set<String> names();

  /**
   * Returns a new part of a name, or a builder of one: an object with a public method {@code
   * build()}, and one that returns the builder for each option; null if there is none of this name.
   */
  @Nullable Object builder(String name);
}
