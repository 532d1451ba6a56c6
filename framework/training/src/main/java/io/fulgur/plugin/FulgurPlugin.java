package io.fulgur.plugin;

import com.google.inject.Module;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Something that others add to every trainer: callbacks, loggers, another precision.
 *
 * <p>Found by {@link java.util.ServiceLoader}: name the implementation in {@code
 * META-INF/services/io.fulgur.plugin.FulgurPlugin}. Each one found is logged when a trainer is
 * built, and {@code Trainer.builder().excludePlugin(name)} leaves it out.
 *
 * <pre>{@code
 * public final class MyPlugin implements FulgurPlugin {
 *   @Override public String name() { return "my-plugin"; }
 *   @Override public String version() { return "1.0"; }
 *   @Override public Module module() {
 *     return binder -> Extensions.callbacks(binder).addBinding().to(MyCallback.class);
 *   }
 * }
 * }</pre>
 *
 * @since 0.1
 */
public interface FulgurPlugin {
  /** Returns the name, unique among plugins. */
  String name();

  /** Returns the version, for the log. */
  String version();

  /** Returns what the plugin binds; {@link Extensions} has the places to bind at. */
  Module module();

  /**
   * Returns callbacks that a trainer's YAML file may ask for by name, none by default.
   *
   * @return by name what makes a new callback, or a builder of one: an object with a public method
   *     {@code build()}, and one that returns the builder for each option
   */
  default Map<String, Supplier<?>> namedCallbacks() {
    return Map.of();
  }

  /**
   * Returns loggers that a trainer's YAML file may ask for by name, none by default.
   *
   * @return by name what makes a new logger, or a builder of one as {@link #namedCallbacks()} has
   *     it; given is the folder in which the trainer writes for which no other place is said
   */
  default Map<String, Function<Path, ?>> namedLoggers() {
    return Map.of();
  }
}
