package io.fulgur.plugin;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The loggers that a file may name: those that come with Fulgur, and those that plugins name.
 *
 * <p>Loggers of Fulgur that are given the same place share the folder of the run.
 *
 * @since 0.1
 */
public final class LoggerRegistry implements NamedParts {
  private final Map<String, Function<Path, ?>> builders = new TreeMap<>();
  private final Path rootDir;

  private LoggerRegistry(Path rootDir) {
    this.rootDir = rootDir;
    NamedLoggers.RunFolders folders = new NamedLoggers.RunFolders();
    builders.put("CsvLogger", root -> new NamedLoggers.Csv(folders, root));
    builders.put("TensorBoardLogger", root -> new NamedLoggers.TensorBoard(folders, root));
  }

  /**
   * Returns the loggers of Fulgur and of the plugins on the class path, apart from some.
   *
   * @param rootDir where loggers write for which no other place is given
   */
  public static LoggerRegistry without(Set<String> excludedPlugins, Path rootDir) {
    LoggerRegistry registry = new LoggerRegistry(rootDir);
    for (FulgurPlugin plugin : Plugins.load()) {
      if (!excludedPlugins.contains(plugin.name())) {
        registry.builders.putAll(plugin.namedLoggers());
      }
    }
    return registry;
  }

  @Override
  public Set<String> names() {
    return builders.keySet();
  }

  @Override
  public @Nullable Object builder(String name) {
    Function<Path, ?> maker = builders.get(name);
    return maker == null ? null : maker.apply(rootDir);
  }
}
