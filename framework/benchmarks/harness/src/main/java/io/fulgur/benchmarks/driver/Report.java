package io.fulgur.benchmarks.driver;

import io.fulgur.benchmarks.protocol.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Results in words and tables. */
final class Report {
  private static final String NOTHING = "-";

  private final Results results;
  private final Overview overview;

  Report(Results results) {
    this.results = results;
    this.overview = new Overview(results.models());
  }

  /** For a terminal. */
  String text() {
    StringBuilder out = new StringBuilder();
    setting().forEach((what, value) -> out.append("%-12s%s\n".formatted(what, value)));
    out.append("\n").append(overview.ratios().text());
    if (overview.hasAdded()) {
      out.append("\nadded to a step, us\n").append(overview.added().text());
    }
    if (overview.hasMemory()) {
      out.append("\nmemory, MiB\n").append(overview.memory().text());
    }
    for (Results.OfModel model : results.models()) {
      out.append("\n%s: %s\n".formatted(model.model(), model.description().about()));
      out.append(table(model).text());
      notes(model).forEach((name, note) -> out.append("  %s: %s\n".formatted(name, note)));
    }
    out.append("\ncontestants\n");
    contestants().forEach((name, note) -> out.append("  %s: %s\n".formatted(name, note)));
    return out.append("\n").append(legend()).toString();
  }

  /** A page for the repository. */
  String markdown() {
    StringBuilder out = new StringBuilder("# Results\n\n");
    out.append("Only numbers of one run compare; the ratios are what to look at.\n\n");
    setting().forEach((what, value) -> out.append("- %s: %s\n".formatted(what, code(what, value))));
    out.append("\n## Ratios\n\n").append(overview.ratios().markdown());
    if (overview.hasAdded()) {
      out.append("\n## Microseconds added to a step\n\n").append(overview.added().markdown());
    }
    if (overview.hasMemory()) {
      out.append("\n## Memory in MiB\n\n").append(overview.memory().markdown());
    }
    for (Results.OfModel model : results.models()) {
      out.append("\n## %s\n\n%s\n\n".formatted(model.model(), model.description().about()));
      out.append(table(model).markdown());
      Map<String, String> notes = notes(model);
      out.append(notes.isEmpty() ? "" : "\n");
      notes.forEach((name, note) -> out.append("- `%s`: %s\n".formatted(name, note)));
    }
    out.append("\n## Contestants\n\n");
    contestants().forEach((name, note) -> out.append("- `%s`: %s\n".formatted(name, note)));
    return out.append("\n## What the numbers mean\n\n").append(legend()).toString();
  }

  private static String code(String what, String value) {
    return what.equals("command") || what.equals("all have") ? "`" + value + "`" : value;
  }

  private Map<String, String> setting() {
    Machine machine = results.machine();
    Settings settings = results.settings();
    Map<String, String> setting = new LinkedHashMap<>();
    setting.put("command", results.command());
    setting.put("date", results.date().toString());
    setting.put(
        "processor",
        "%s, %d logical processors".formatted(machine.processor(), machine.logicalProcessors()));
    setting.put("system", machine.system() + ", " + machine.java());
    setting.put(
        "load before",
        machine.loadAverage() < 0 ? "unknown" : format("%.2f", machine.loadAverage()));
    setting.put("all have", variables(results.environment(), results.jvmArguments()));
    setting.put(
        "rounds",
        "%d, each contestant %d ms a round, after %d ms of warm-up"
            .formatted(settings.rounds(), settings.burstMillis(), settings.warmUpMillis()));
    return setting;
  }

  private Table table(Results.OfModel model) {
    Table table =
        new Table(
            "contestant",
            "median us",
            "min us",
            "max us",
            "mean us",
            "ratio",
            "from",
            "to",
            "heap B/step",
            "JVM MiB",
            "loss before",
            "after " + model.description().steps());
    for (Results.OfContestant contestant : model.contestants()) {
      table.add(row(contestant));
    }
    return table;
  }

  private static List<String> row(Results.OfContestant contestant) {
    List<String> cells = new ArrayList<>();
    cells.add(contestant.name());
    if (contestant.rounds().isEmpty()) {
      cells.addAll(List.of(NOTHING, NOTHING, NOTHING, NOTHING));
    } else {
      Summary medians = summary(contestant, Reply.Burst::medianNanos);
      cells.add(micros(medians.median()));
      cells.add(micros(medians.min()));
      cells.add(micros(medians.max()));
      cells.add(micros(summary(contestant, Reply.Burst::meanNanos).median()));
    }
    if (contestant.ratios().isEmpty()) {
      cells.addAll(List.of(NOTHING, NOTHING, NOTHING));
    } else {
      Summary ratios = Summary.of(contestant.ratios());
      cells.add(format("%.2f", ratios.median()));
      cells.add(format("%.2f", ratios.min()));
      cells.add(format("%.2f", ratios.max()));
    }
    cells.add(
        contestant.rounds().isEmpty()
            ? NOTHING
            : format("%.0f", summary(contestant, Reply.Burst::allocatedBytesPerStep).median()));
    Long peak = contestant.peakBytes();
    cells.add(peak == null ? NOTHING : Overview.mebibytes(peak));
    cells.add(loss(contestant.lossBefore()));
    cells.add(loss(contestant.lossAfter()));
    return cells;
  }

  private static Summary summary(
      Results.OfContestant contestant, ToDoubleFunction<Reply.Burst> value) {
    return Summary.of(contestant.rounds().stream().mapToDouble(value).toArray());
  }

  /** What is to be said of single contestants with one model. */
  private Map<String, String> notes(Results.OfModel model) {
    Map<String, String> notes = new LinkedHashMap<>();
    for (Results.OfContestant contestant : model.contestants()) {
      Map<String, String> details = new TreeMap<>(contestant.details());
      details.entrySet().removeAll(commonDetails(contestant.name()).entrySet());
      List<String> parts = new ArrayList<>();
      details.forEach((what, value) -> parts.add(what + " " + value));
      if (contestant.failure() != null) {
        parts.add("FAILED: " + contestant.failure());
      }
      if (!parts.isEmpty()) {
        notes.put(contestant.name(), String.join("; ", parts));
      }
    }
    return notes;
  }

  /** What is to be said of each contestant with whatever model. */
  private Map<String, String> contestants() {
    Map<String, String> notes = new LinkedHashMap<>();
    for (Results.OfModel model : results.models()) {
      for (Results.OfContestant contestant : model.contestants()) {
        List<String> parts = new ArrayList<>(List.of(contestant.about()));
        if (!contestant.environment().isEmpty() || !contestant.jvmArguments().isEmpty()) {
          parts.add("has " + variables(contestant.environment(), contestant.jvmArguments()));
        }
        commonDetails(contestant.name()).forEach((what, value) -> parts.add(what + " " + value));
        notes.put(contestant.name(), String.join("; ", parts));
      }
    }
    return notes;
  }

  /** The details that a contestant tells with every model that it came to the end of. */
  private Map<String, String> commonDetails(String name) {
    Map<String, String> common = new TreeMap<>();
    boolean first = true;
    for (Results.OfModel model : results.models()) {
      for (Results.OfContestant contestant : model.contestants()) {
        if (contestant.name().equals(name) && !contestant.details().isEmpty()) {
          if (first) {
            common.putAll(contestant.details());
          }
          first = false;
          common.entrySet().retainAll(contestant.details().entrySet());
        }
      }
    }
    return common;
  }

  private String legend() {
    return """
    Ratio: the median, the least and the greatest, over the rounds, of a round's median step
    divided by that of the fastest of the contestants named under "divided by" in the same round;
    below 1 is faster. Models that are described as compared by the mean have the round's mean step
    there, as only some of their steps do what they are about. Added: the same with the difference in
    place of the quotient. Median, min and max: over the rounds, of each round's median step. Mean: over
    the rounds, of each round's steps. Threads that wait by spinning need a quiet machine: look at
    the load before.

    Loss: the mean over the first %d steps, and over the last %d of those that the column names, from
    random weights of each contestant's own.

    Memory: by how much a process grows, at most, from before the model is made, with the framework
    started, the batches made and the garbage collected, through %d steps; resident pages as Linux
    counts them, native and heap alike, in a JVM of its own with
    `%s`,
    so that neither garbage nor the optimizing compiler's work is counted. In brackets: divided by the
    least of the same. JVM MiB: the whole process that was timed, at its peak.
    """
        .formatted(
            Comparison.LOSS_STEPS,
            Comparison.LOSS_STEPS,
            Comparison.MEMORY_STEPS,
            String.join(" ", results.memoryJvmArguments()));
  }

  private static String variables(Map<String, String> environment, List<String> jvmArguments) {
    List<String> all = new ArrayList<>();
    new TreeMap<>(environment).forEach((name, value) -> all.add(name + "=" + value));
    all.addAll(jvmArguments);
    return String.join(" ", all);
  }

  private static String micros(double nanos) {
    return format("%.1f", nanos / 1e3);
  }

  private static String loss(@Nullable Double loss) {
    return loss == null ? NOTHING : format("%.3f", loss);
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
