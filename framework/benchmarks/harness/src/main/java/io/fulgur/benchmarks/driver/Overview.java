package io.fulgur.benchmarks.driver;

import io.fulgur.benchmarks.protocol.Reply;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One line for each model: what was to be reached and what each contestant did. */
final class Overview {
  private static final String NOTHING = "-";
  private static final String DIVIDED_BY = "divided by";
  private static final double MEBIBYTE = 1 << 20;

  private final List<Results.OfModel> models;

  Overview(List<Results.OfModel> models) {
    this.models = models;
  }

  /** The median ratio of each contestant's step to that of the fastest baseline. */
  Table ratios() {
    return table(
        models,
        model -> targets(model.description().targets()),
        (model, contestant) -> ratio(contestant.ratio()),
        DIVIDED_BY);
  }

  /** Whether it matters for any model by how much a step is longer than another. */
  boolean hasAdded() {
    return models.stream().anyMatch(Overview::hasAdded);
  }

  private static boolean hasAdded(Results.OfModel model) {
    return model.description().addedMicros() != null;
  }

  /** By how many microseconds each contestant's step is longer than the fastest baseline's. */
  Table added() {
    return table(
        models.stream().filter(Overview::hasAdded).toList(),
        model -> targets(Objects.requireNonNull(model.description().addedMicros())),
        (model, contestant) -> micros(contestant.added()),
        "compared with");
  }

  private static String micros(OptionalDouble nanos) {
    return nanos.isEmpty()
        ? NOTHING
        : String.format(Locale.ROOT, "%.1f", nanos.getAsDouble() / 1e3);
  }

  /** Whether any model's memory was measured. */
  boolean hasMemory() {
    return models.stream().anyMatch(Overview::hasMemory);
  }

  /** What each contestant's training takes, and its ratio to the baseline that takes least. */
  Table memory() {
    return table(
        models.stream().filter(Overview::hasMemory).toList(),
        model -> targets(Objects.requireNonNull(model.description().memoryTargets())),
        Overview::memory,
        DIVIDED_BY);
  }

  private static boolean hasMemory(Results.OfModel model) {
    return model.description().memoryTargets() != null;
  }

  private interface Cell {
    String of(Results.OfModel model, Results.OfContestant contestant);
  }

  private static Table table(
      List<Results.OfModel> models,
      Function<Results.OfModel, String> target,
      Cell cell,
      String baselines) {
    Set<String> names = new LinkedHashSet<>();
    models.forEach(
        model -> model.contestants().forEach(contestant -> names.add(contestant.name())));
    List<String> headings = new ArrayList<>(List.of("model", "target"));
    headings.addAll(names);
    headings.add(baselines);
    Table table = new Table(headings.toArray(String[]::new));
    for (Results.OfModel model : models) {
      Map<String, String> cells =
          model.contestants().stream()
              .collect(
                  Collectors.toMap(
                      Results.OfContestant::name, contestant -> cell.of(model, contestant)));
      List<String> row = new ArrayList<>(List.of(model.model(), target.apply(model)));
      names.forEach(name -> row.add(cells.getOrDefault(name, NOTHING)));
      row.add(String.join(", ", model.baselines()));
      table.add(row);
    }
    return table;
  }

  private static String targets(Map<String, Double> targets) {
    return targets.isEmpty()
        ? NOTHING
        : new TreeMap<>(targets)
            .entrySet().stream()
                .map(target -> target.getKey() + " " + number(target.getValue()))
                .collect(Collectors.joining(", "));
  }

  private static String memory(Results.OfModel model, Results.OfContestant contestant) {
    Reply.Memory memory = contestant.memory();
    if (memory == null) {
      return NOTHING;
    }
    OptionalDouble least =
        model.contestants().stream()
            .filter(other -> model.baselines().contains(other.name()))
            .map(Results.OfContestant::memory)
            .filter(Objects::nonNull)
            .mapToDouble(Reply.Memory::growthBytes)
            .min();
    String mebibytes = mebibytes(memory.growthBytes());
    return least.isEmpty()
        ? mebibytes
        : mebibytes + " (" + number(memory.growthBytes() / least.getAsDouble()) + ")";
  }

  static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.0f", bytes / MEBIBYTE);
  }

  private static String ratio(OptionalDouble ratio) {
    return ratio.isEmpty() ? NOTHING : number(ratio.getAsDouble());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
