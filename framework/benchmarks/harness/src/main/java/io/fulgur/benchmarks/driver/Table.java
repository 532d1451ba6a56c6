package io.fulgur.benchmarks.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of text under headings; the first column is flush left, the others flush right. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... headings) {
    rows.add(List.of(headings));
  }

  void add(List<String> cells) {
    if (cells.size() != columns()) {
      throw new IllegalArgumentException(
          "%d cells for %d columns: %s".formatted(cells.size(), columns(), cells));
    }
    rows.add(List.copyOf(cells));
  }

  /** For a terminal: columns parted by spaces. */
  String text() {
    return lines("", "  ", "", column -> "-".repeat(width(column)));
  }

  /** For a Markdown page, aligned in its source too. */
  String markdown() {
    return lines(
        "| ",
        " | ",
        " |",
        column -> column == 0 ? "-".repeat(width(0)) : "-".repeat(width(column) - 1) + ":");
  }

  private String lines(String before, String between, String after, IntFunction<String> rule) {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      lines.add(line(before, between, after, column -> pad(row.get(column), column)));
    }
    lines.add(1, line(before, between, after, rule));
    return lines.stream().map(line -> line.stripTrailing() + "\n").collect(Collectors.joining());
  }

  private String line(String before, String between, String after, IntFunction<String> cell) {
    return IntStream.range(0, columns())
        .mapToObj(cell)
        .collect(Collectors.joining(between, before, after));
  }

  private String pad(String cell, int column) {
    String spaces = " ".repeat(width(column) - cell.length());
    return column == 0 ? cell + spaces : spaces + cell;
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElseThrow();
  }

  private int columns() {
    return rows.get(0).size();
  }
}
