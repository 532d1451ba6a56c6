package io.fulgur.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A {@link Summary} as a table. */
final class SummaryText {
  private static final String[] UNITS = {"", "K", "M", "B", "T"};
  private static final double BYTES_PER_MEGABYTE = 1e6;
  private static final int TOTALS_INDENT = 10;
  private static final String UNKNOWN = "?";

  private SummaryText() {}

  static String of(Summary summary) {
    StringBuilder text = new StringBuilder();
    if (!summary.rows().isEmpty()) {
      table(summary, text);
    }
    total(text, human(summary.trainable()), "Trainable parameters");
    total(text, human(summary.frozen()), "Non-trainable parameters");
    total(text, human(summary.trainable() + summary.frozen()), "Total parameters");
    total(
        text,
        String.format(Locale.ROOT, "%.3f", summary.sizeBytes() / BYTES_PER_MEGABYTE),
        "Size of the parameters in MB");
    total(text, human(summary.inTrainMode()), "Modules in training mode");
    total(text, human(summary.inEvalMode()), "Modules in evaluation mode");
    Long flops = summary.flops();
    if (flops != null) {
      total(text, human(flops), "FLOPs of a forward pass");
    }
    text.setLength(text.length() - 1);
    return text.toString();
  }

  private static void table(Summary summary, StringBuilder text) {
    boolean example = summary.flops() != null;
    List<List<String>> cells = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of("", "Name", "Type", "Parameters", "Mode"));
    if (example) {
      header.addAll(List.of("FLOPs", "Input", "Output"));
    }
    cells.add(header);
    for (int i = 0; i < summary.rows().size(); i++) {
      Summary.Row row = summary.rows().get(i);
      List<String> line =
          new ArrayList<>(
              List.of(
                  Integer.toString(i),
                  row.name(),
                  row.type(),
                  human(row.parameters()),
                  row.training() ? "train" : "eval"));
      if (example) {
        Long flops = row.flops();
        line.add(flops == null ? UNKNOWN : human(flops));
        line.add(known(row.inputs()));
        line.add(known(row.outputs()));
      }
      cells.add(line);
    }
    int[] widths = new int[header.size()];
    for (List<String> row : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    write(cells, widths, text);
  }

  private static void write(List<List<String>> cells, int[] widths, StringBuilder text) {
    String rule = null;
    for (List<String> row : cells) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(i == 0 ? "" : " | ")
            .append(row.get(i))
            .append(" ".repeat(widths[i] - row.get(i).length()));
      }
      text.append(line.toString().stripTrailing()).append('\n');
      if (rule == null) {
        rule = "-".repeat(line.length()) + "\n";
        text.append(rule);
      }
    }
    text.append(rule);
  }

  private static String known(@Nullable String text) {
    return text == null ? UNKNOWN : text;
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

  private static void total(StringBuilder text, String value, String what) {
    text.append(value)
        .append(" ".repeat(Math.max(1, TOTALS_INDENT - value.length())))
        .append(what)
        .append('\n');
  }
}
