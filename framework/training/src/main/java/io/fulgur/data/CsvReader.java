package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads numbers from a table of comma-separated values (RFC 4180, UTF-8), also one packed by gzip,
 * into memory.
 *
 * <pre>{@code
 * ArrayDataset digits =
 *     CsvReader.ofResource(Digits.class, "digits.csv.gz")
 *         .floats("image", 0, 64)
 *         .longs("label", 64)
 *         .read();
 * }</pre>
 *
 * @since 0.1
 */
public final class CsvReader {
  private final String source;
  private final Opener opener;
  private final List<CsvColumns> columns = new ArrayList<>();
  private char delimiter = ',';
  private boolean header;
  private Set<String> missing = Set.of();

  private interface Opener {
    InputStream open() throws IOException;
  }

  private CsvReader(String source, Opener opener) {
    this.source = source;
    this.opener = opener;
  }

  /** Starts to read a file. */
  public static CsvReader of(Path file) {
    return new CsvReader(file.toString(), () -> Files.newInputStream(file));
  }

  /** Starts to read a resource of the class path, found as {@link Class#getResource} does. */
  public static CsvReader ofResource(Class<?> anchor, String name) {
    return new CsvReader(
        "resource " + name + " of " + anchor.getName(),
        () -> {
          InputStream in = anchor.getResourceAsStream(name);
          if (in == null) {
            throw new NoSuchFileException(name);
          }
          return in;
        });
  }

  /** Says that the first line names the columns. */
  public CsvReader header() {
    header = true;
    return this;
  }

  /** Sets what stands between two fields; a comma by default. */
  public CsvReader delimiter(char character) {
    delimiter = character;
    return this;
  }

  /** Reads the columns {@code [from, to)} as a value of type F32 and shape {@code [to - from]}. */
  public CsvReader floats(String name, int from, int to) {
    columns.add(CsvColumns.floats(name, from, to));
    return this;
  }

  /** Reads columns as a value of type F32 and shape {@code [columns]}; needs {@link #header()}. */
  public CsvReader floats(String name, String... titles) {
    columns.add(CsvColumns.floats(name, titles));
    return this;
  }

  /** Reads a column of integers, such as labels, as a scalar of type I64. */
  public CsvReader longs(String name, int column) {
    columns.add(CsvColumns.longs(name, column));
    return this;
  }

  /** Reads a column of integers as a scalar of type I64; needs {@link #header()}. */
  public CsvReader longs(String name, String title) {
    columns.add(CsvColumns.longs(name, title));
    return this;
  }

  /**
   * Reads a column of names of classes as a scalar of type I64, the place of the name in a list.
   *
   * @param classes the names there are, in the order of their labels
   */
  public CsvReader labels(String name, int column, List<String> classes) {
    columns.add(CsvColumns.labels(name, column, classes));
    return this;
  }

  /** As {@link #labels(String, int, List)} for a column by its title; needs {@link #header()}. */
  public CsvReader labels(String name, String title, List<String> classes) {
    columns.add(CsvColumns.labels(name, title, classes));
    return this;
  }

  /**
   * Reads these texts as NaN where {@link #floats} reads numbers, e.g. {@code ""} or {@code "NA"}.
   * By default they are errors.
   */
  public CsvReader missing(String... texts) {
    missing = Set.of(texts);
    return this;
  }

  /**
   * Reads everything.
   *
   * @throws FulgurException if the file cannot be read, a column is missing, or a field is not a
   *     number; the message names the file, the line and the column
   */
  public ArrayDataset read() {
    if (columns.isEmpty()) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "No columns of %s are to be read. Name them with floats(...) or longs(...)."
              .formatted(source));
    }
    CSVFormat format =
        CSVFormat.RFC4180.builder().setDelimiter(delimiter).setIgnoreEmptyLines(true).get();
    try (Reader text =
            new InputStreamReader(DataFiles.unpacked(opener.open()), StandardCharsets.UTF_8);
        CSVParser parser = CSVParser.parse(text, format)) {
      return read(parser);
    } catch (IOException | UncheckedIOException e) {
      throw new FulgurException(
          ErrorId.FILE_UNREADABLE,
          "%s cannot be read: %s. Check that it is there and whole.".formatted(source, e),
          e);
    }
  }

  private ArrayDataset read(CSVParser parser) {
    Iterator<CSVRecord> rows = parser.iterator();
    List<String> titles = header && rows.hasNext() ? titles(rows.next()) : List.of();
    List<CsvColumns.Values> values =
        columns.stream().map(column -> column.open(source, titles, missing)).toList();
    int samples = 0;
    while (rows.hasNext()) {
      CSVRecord row = rows.next();
      for (CsvColumns.Values column : values) {
        column.add(row, parser.getCurrentLineNumber());
      }
      samples++;
    }
    if (samples == 0) {
      throw DataErrors.empty(source);
    }
    ArrayDataset dataset = ArrayDataset.of(columns.get(0).name(), values.get(0).toArray(samples));
    for (int i = 1; i < values.size(); i++) {
      dataset = dataset.with(columns.get(i).name(), values.get(i).toArray(samples));
    }
    return dataset;
  }

  private static List<String> titles(CSVRecord row) {
    List<String> titles = new ArrayList<>();
    row.forEach(field -> titles.add(field.strip()));
    if (!titles.isEmpty()) {
      // Spreadsheets put a byte order mark in front.
      titles.set(0, titles.get(0).replace("\uFEFF", ""));
    }
    return titles;
  }
}
