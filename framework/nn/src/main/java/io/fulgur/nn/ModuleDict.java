package io.fulgur.nn;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.error.Suggestions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Modules by key, in the order in which they were put, named by their keys, with no forward of its
 * own; as {@code torch.nn.ModuleDict}.
 *
 * <p>A plain {@link Map} of modules in a field is found just as well; this one can also be passed
 * around as a module.
 *
 * @param <M> what the modules are
 * @since 0.1
 */
public final class ModuleDict<M extends Module> extends Module {
  @Inlined private final Map<String, M> modules = new LinkedHashMap<>();

  /** Makes an empty one. */
  public ModuleDict() {}

  /** Makes one of these modules, in the map's order. */
  public ModuleDict(Map<String, ? extends M> modules) {
    modules.forEach(this::put);
  }

  /**
   * Adds a module, or replaces the one with its key.
   *
   * @throws FulgurException if the key is empty or has a dot, which separates names
   */
  public void put(String key, M module) {
    Checks.require(
        !key.isEmpty() && key.indexOf('.') < 0,
        "ModuleDict: the key is \"%s\"; allowed is a name without dots.".formatted(key));
    modules.put(key, module);
  }

  /**
   * Returns the module with a key.
   *
   * @throws FulgurException if there is none
   */
  public M get(String key) {
    M module = modules.get(key);
    if (module == null) {
      throw new FulgurException(
          ErrorId.UNKNOWN_NAME,
          "ModuleDict has no \"%s\". It has: %s.%s"
              .formatted(
                  key,
                  String.join(", ", modules.keySet()),
                  Suggestions.didYouMean(key, modules.keySet())));
    }
    return module;
  }

  /** Returns whether there is a module with a key. */
  public boolean containsKey(String key) {
    return modules.containsKey(key);
  }

  /** Returns all modules by key. */
  public Map<String, M> asMap() {
    return Collections.unmodifiableMap(modules);
  }
}
