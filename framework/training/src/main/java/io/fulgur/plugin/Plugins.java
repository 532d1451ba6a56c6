package io.fulgur.plugin;

import com.google.inject.Module;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.net.URL;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds plugins and tells which there are. */
final class Plugins {
  private static final Logger LOG = LoggerFactory.getLogger(FulgurPlugin.class);

  private Plugins() {}

  /** Returns the plugins on the class path, apart from some. */
  static List<FulgurPlugin> find(Set<String> excluded) {
    return select(load(), excluded);
  }

  static List<FulgurPlugin> load() {
    List<FulgurPlugin> found = new ArrayList<>();
    try {
      for (FulgurPlugin plugin : ServiceLoader.load(FulgurPlugin.class)) {
        found.add(plugin);
      }
    } catch (ServiceConfigurationError e) {
      throw new FulgurException(
          ErrorId.PLUGIN_FAILED,
          "A plugin on the class path cannot be loaded: "
              + e.getMessage()
              + ". Mend it or take its jar off the class path.",
          e);
    }
    return found;
  }

  static List<FulgurPlugin> select(List<FulgurPlugin> found, Set<String> excluded) {
    Map<String, FulgurPlugin> byName = new HashMap<>();
    List<FulgurPlugin> used = new ArrayList<>();
    for (FulgurPlugin plugin : found) {
      FulgurPlugin other = byName.put(plugin.name(), plugin);
      if (other != null) {
        throw new FulgurException(
            ErrorId.PLUGIN_FAILED,
            "Two plugins are called \"%s\": %s of %s and %s of %s. Take one of them off the class path."
                .formatted(
                    plugin.name(),
                    other.getClass().getName(),
                    source(other),
                    plugin.getClass().getName(),
                    source(plugin)));
      }
      if (excluded.contains(plugin.name())) {
        LOG.info("Plugin {} {} is excluded", plugin.name(), plugin.version());
      } else {
        LOG.info("Plugin {} {} from {}", plugin.name(), plugin.version(), source(plugin));
        used.add(plugin);
      }
    }
    Set<String> unknown = new TreeSet<>(excluded);
    unknown.removeAll(byName.keySet());
    if (!unknown.isEmpty()) {
      LOG.warn(
          "The excluded plugins {} were not found. Found: {}",
          unknown,
          new TreeSet<>(byName.keySet()));
    }
    return used;
  }

  /** Returns what a plugin binds, with an error that names the plugin if it cannot say. */
  static Module moduleOf(FulgurPlugin plugin) {
    try {
      return plugin.module();
    } catch (RuntimeException e) {
      throw new FulgurException(
          ErrorId.PLUGIN_FAILED,
          "The plugin %s %s failed in module(): %s. Leave it out with excludePlugin(\"%s\") or mend it."
              .formatted(plugin.name(), plugin.version(), e, plugin.name()),
          e);
    }
  }

  private static String source(FulgurPlugin plugin) {
    CodeSource code = plugin.getClass().getProtectionDomain().getCodeSource();
    @Nullable URL location = code == null ? null : code.getLocation();
    return location == null ? "an unknown source" : location.toString();
  }
}
