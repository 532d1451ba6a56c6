package io.fulgur.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lays out rows of times: names to the left, numbers to the right. */
final class TimeTable {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final String GAP = "  ";

  private final List<String[]> rows = new ArrayList<>();

  TimeTable(String... titles) {
    rows.add(titles);
  }

  void row(String... cells) {
    rows.add(cells);
  }

  static String millis(long nanos) {
    return millis((double) nanos);
  }

  static String millis(double nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / NANOS_PER_MILLI);
  }

  static String percent(long part, long all) {
    return String.format(Locale.ROOT, "%.1f", all == 0 ? 0.0 : 100.0 * part / all);
  }

  @Override
  public String toString() {
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line =
          new StringBuilder(row[0]).append(" ".repeat(widths[0] - row[0].length()));
      for (int i = 1; i < widths.length; i++) {
        line.append(GAP).append(" ".repeat(widths[i] - row[i].length())).append(row[i]);
      }
      text.append(line).append('\n');
    }
    return text.toString();
  }
}
