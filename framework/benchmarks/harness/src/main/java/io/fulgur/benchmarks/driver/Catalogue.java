package io.fulgur.benchmarks.driver;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What can be measured.
 *
 * @param models each model by its name
 * @param baselines the contestants of which the fastest divides all others
 * @param memoryJvmArguments what a JVM gets in which memory is measured
 * @param contestants each contestant by its name
 */
record Catalogue(
    @JsonProperty(required = true) Map<String, ModelDescription> models,
    @JsonProperty(required = true) List<String> baselines,
    @JsonProperty(required = true) List<String> memoryJvmArguments,
    @JsonProperty(required = true) Map<String, ContestantDescription> contestants) {

  static Catalogue read(Path file) throws IOException {
    return new ObjectMapper(new YAMLFactory()).readValue(file.toFile(), Catalogue.class);
  }

  /** The contestants of which the fastest divides all others that train this model. */
  List<String> baselinesOf(ModelDescription model) {
    return model.baselines().isEmpty() ? baselines : model.baselines();
  }

  /**
   * The entries with these names, in the catalogue's order; all of them for no names.
   *
   * @throws IllegalArgumentException if the catalogue lacks one, naming all that it lacks
   */
  static <T> Map<String, T> select(Map<String, T> entries, Collection<String> names, String what) {
    if (names.isEmpty()) {
      return entries;
    }
    Set<String> unknown = new LinkedHashSet<>(names);
    unknown.removeAll(entries.keySet());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "No %s named %s; there are %s"
              .formatted(what, String.join(", ", unknown), String.join(", ", entries.keySet())));
    }
    Map<String, T> selected = new LinkedHashMap<>(entries);
    selected.keySet().retainAll(names);
    return selected;
  }
}
