package io.fulgur.benchmarks.driver;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model to be measured.
 *
 * @param about the model in a line
 * @param steps after so many steps the contestants' losses are compared
 * @param baselines the contestants of which the fastest divides all others; empty for those of the
 *     catalogue
 * @param contestants who is measured; empty for all that have the model
 * @param targets the ratio that a contestant is to reach, by its name
 * @param memoryTargets the same for the memory that the model takes; null if it is not measured
 * @param statistic what stands for the steps of a round; the median unless given
 * @param addedMicros by how much a contestant's step may be longer than that of the fastest
 *     baseline, in microseconds, by its name; null if that is not looked at
 */
record ModelDescription(
    @JsonProperty(required = true) String about,
    @JsonProperty(required = true) int steps,
    List<String> baselines,
    List<String> contestants,
    Map<String, Double> targets,
    @Nullable Map<String, Double> memoryTargets,
    Statistic statistic,
    @Nullable Map<String, Double> addedMicros) {

  ModelDescription(
      String about,
      int steps,
      @Nullable List<String> baselines,
      @Nullable List<String> contestants,
      @Nullable Map<String, Double> targets,
      @Nullable Map<String, Double> memoryTargets,
      @Nullable Statistic statistic,
      @Nullable Map<String, Double> addedMicros) {
    this.about = about;
    this.steps = steps;
    this.baselines = baselines == null ? List.of() : List.copyOf(baselines);
    this.contestants = contestants == null ? List.of() : List.copyOf(contestants);
    this.targets = targets == null ? Map.of() : Map.copyOf(targets);
    this.memoryTargets = memoryTargets == null ? null : Map.copyOf(memoryTargets);
    this.statistic = statistic == null ? Statistic.MEDIAN : statistic;
    this.addedMicros = addedMicros == null ? null : Map.copyOf(addedMicros);
  }
}
