package io.fulgur.callback;

import io.fulgur.nn.Module;
import io.fulgur.tensor.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A module's parts as text. Parameters that several parts share count for each, but once in the
 * totals.
 *
 * @param rows the parts
 * @param trainable how many parameters are trained
 * @param frozen how many are not
 * @param sizeBytes what all of them take
 */
record SummaryTable(List<Row> rows, long trainable, long frozen, long sizeBytes) {
  /** A part: its name, its class and how many parameters it has. */
  record Row(String name, String type, long parameters) {}

  private static final String[] UNITS = {"", "K", "M", "B", "T"};
  private static final double BYTES_PER_MEGABYTE = 1e6;
  private static final int TOTALS_INDENT = 10;

  static SummaryTable of(Module module, int maxDepth) {
    List<Row> rows = new ArrayList<>();
    collect(module, "", maxDepth, rows);
    long own = ownParameters(module);
    if (own > 0 && maxDepth != 0) {
      rows.add(new Row("other parameters", module.getClass().getSimpleName(), own));
    }
    List<Parameter> all = module.parameters();
    return new SummaryTable(
        rows,
        count(all, Parameter::requiresGrad),
        count(all, parameter -> !parameter.requiresGrad()),
        all.stream().mapToLong(each -> each.elements() * each.dtype().sizeBytes()).sum());
  }

  private static void collect(Module module, String prefix, int depth, List<Row> rows) {
    if (depth == 0) {
      return;
    }
    module
        .namedChildren()
        .forEach(
            (name, child) -> {
              String full = prefix + name;
              long parameters = count(child.parameters(), parameter -> true);
              rows.add(new Row(full, child.getClass().getSimpleName(), parameters));
              collect(child, full + ".", depth - 1, rows);
            });
  }

  private static long ownParameters(Module module) {
    Map<String, Module> children = module.namedChildren();
    return module.namedParameters().entrySet().stream()
        .filter(
            entry ->
                children.keySet().stream().noneMatch(name -> entry.getKey().startsWith(name + ".")))
        .mapToLong(entry -> entry.getValue().elements())
        .sum();
  }

  private static long count(List<Parameter> parameters, Predicate<Parameter> which) {
    return parameters.stream().filter(which).mapToLong(Parameter::elements).sum();
  }

  /** Returns e.g. {@code 9.6 K}. */
  static String human(long count) {
    double value = count;
    int unit = 0;
    while (value >= 999.5 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    if (unit == 0) {
      return Long.toString(count);
    }
    return String.format(Locale.ROOT, value < 99.95 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (!rows.isEmpty()) {
      table(text);
    }
    total(text, human(trainable), "Trainable parameters");
    total(text, human(frozen), "Non-trainable parameters");
    total(text, human(trainable + frozen), "Total parameters");
    total(
        text,
        String.format(Locale.ROOT, "%.3f", sizeBytes / BYTES_PER_MEGABYTE),
        "Size of the parameters in MB");
    text.setLength(text.length() - 1);
    return text.toString();
  }

  private void table(StringBuilder text) {
    List<String[]> cells = new ArrayList<>();
    cells.add(new String[] {"", "Name", "Type", "Parameters"});
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      cells.add(
          new String[] {Integer.toString(i), row.name(), row.type(), human(row.parameters())});
    }
    int[] widths = new int[cells.get(0).length];
    for (String[] row : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    String rule = null;
    for (String[] row : cells) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(i == 0 ? "" : " | ")
            .append(row[i])
            .append(" ".repeat(widths[i] - row[i].length()));
      }
      text.append(line.toString().stripTrailing()).append('\n');
      if (rule == null) {
        rule = "-".repeat(line.length()) + "\n";
        text.append(rule);
      }
    }
    text.append(rule);
  }

  private static void total(StringBuilder text, String value, String what) {
    text.append(value)
        .append(" ".repeat(Math.max(1, TOTALS_INDENT - value.length())))
        .append(what)
        .append('\n');
  }
}
