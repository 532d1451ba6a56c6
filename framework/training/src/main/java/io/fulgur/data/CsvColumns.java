package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Columns of a table that become one value of a sample: by number, or by title where those are
 * given.
 */
final class CsvColumns {
  private static final int FIRST_ROWS = 256;

  private final String name;
  private final boolean integral;
  private final int[] numbers;
  private final @Nullable List<String> titles;
  private final @Nullable List<String> classes;

  private CsvColumns(
      String name,
      boolean integral,
      int[] numbers,
      @Nullable List<String> titles,
      @Nullable List<String> classes) {
    this.name = name;
    this.integral = integral;
    this.numbers = numbers;
    this.titles = titles;
    this.classes = classes;
  }

  private CsvColumns(String name, boolean integral, int[] numbers, @Nullable List<String> titles) {
    this(name, integral, numbers, titles, /* classes= */ null);
  }

  static CsvColumns labels(String name, int column, List<String> classes) {
    CsvColumns numbered = longs(name, column);
    return new CsvColumns(name, /* integral= */ true, numbered.numbers, null, List.copyOf(classes));
  }

  static CsvColumns labels(String name, String title, List<String> classes) {
    return new CsvColumns(
        name, /* integral= */ true, new int[0], List.of(title), List.copyOf(classes));
  }

  static CsvColumns floats(String name, int from, int to) {
    if (from < 0 || to <= from) {
      throw invalid(name, "[" + from + ", " + to + ")");
    }
    return new CsvColumns(name, /* integral= */ false, IntStream.range(from, to).toArray(), null);
  }

  static CsvColumns floats(String name, String... titles) {
    if (titles.length == 0) {
      throw invalid(name, "[]");
    }
    return new CsvColumns(name, /* integral= */ false, new int[0], List.of(titles));
  }

  static CsvColumns longs(String name, int column) {
    if (column < 0) {
      throw invalid(name, "[" + column + "]");
    }
    return new CsvColumns(name, /* integral= */ true, new int[] {column}, null);
  }

  static CsvColumns longs(String name, String title) {
    return new CsvColumns(name, /* integral= */ true, new int[0], List.of(title));
  }

  private static FulgurException invalid(String name, String columns) {
    return new FulgurException(
        ErrorId.INVALID_ARGUMENT,
        "The columns %s of \"%s\" cannot be. Columns count from 0, and there must be at least one."
            .formatted(columns, name));
  }

  String name() {
    return name;
  }

  /** Starts to gather values, now that the titles of a file are known. */
  Values open(String source, List<String> fileTitles, Set<String> missing) {
    if (titles == null) {
      return new Values(source, numbers, missing);
    }
    int[] found = titles.stream().mapToInt(title -> column(source, title, fileTitles)).toArray();
    return new Values(source, found, missing);
  }

  private static int column(String source, String title, List<String> fileTitles) {
    int column = fileTitles.indexOf(title);
    if (column >= 0) {
      return column;
    }
    if (fileTitles.isEmpty()) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          ("Column \"%s\" of %s was asked for by its title, but titles are not read. Call "
                  + "header(), or give the column's number.")
              .formatted(title, source));
    }
    throw Names.unknown("The header of " + source, title, fileTitles);
  }

  /** The values of one file. */
  final class Values {
    private final String source;
    private final int[] columns;
    private final Set<String> missing;
    private float[] floats;
    private long[] longs;
    private int length;

    private Values(String source, int[] columns, Set<String> missing) {
      this.missing = missing;
      this.source = source;
      this.columns = columns;
      floats = new float[integral ? 0 : FIRST_ROWS * columns.length];
      longs = new long[integral ? FIRST_ROWS : 0];
    }

    void add(CSVRecord row, long line) {
      if (length == (integral ? longs.length : floats.length)) {
        floats = Arrays.copyOf(floats, floats.length * 2);
        longs = Arrays.copyOf(longs, longs.length * 2);
      }
      for (int column : columns) {
        String field = field(row, column, line);
        try {
          if (integral) {
            longs[length] = classes == null ? Long.parseLong(field) : label(classes, field, line);
          } else {
            floats[length] = missing.contains(field) ? Float.NaN : Float.parseFloat(field);
          }
          length++;
        } catch (NumberFormatException e) {
          throw invalid(
              line,
              "column %d is \"%s\", which is not %s"
                  .formatted(column, field, integral ? "an integer" : "a number"));
        }
      }
    }

    private long label(List<String> names, String field, long line) {
      int label = names.indexOf(field);
      if (label < 0) {
        throw invalid(
            line, "\"%s\" is none of the classes %s".formatted(field, String.join(", ", names)));
      }
      return label;
    }

    private String field(CSVRecord row, int column, long line) {
      if (column >= row.size()) {
        throw invalid(
            line,
            "there are %d fields, so no column %d (they count from 0)"
                .formatted(row.size(), column));
      }
      return row.get(column).strip();
    }

    private FulgurException invalid(long line, String what) {
      return new FulgurException(
          ErrorId.INVALID_CSV,
          "%s, line %d: %s. It is needed for \"%s\"; mend the file, or read other columns."
              .formatted(source, line, what, name));
    }

    HostArray toArray(int samples) {
      return integral
          ? HostArray.of(Arrays.copyOf(longs, length), samples)
          : HostArray.of(Arrays.copyOf(floats, length), samples, columns.length);
    }
  }
}
