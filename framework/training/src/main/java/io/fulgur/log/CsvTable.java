package io.fulgur.log;

import io.fulgur.checkpoint.AtomicFiles;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file that grows in both directions.
 *
 * <p>Rows are kept in arrays, without an object for each, until they are appended to the file. A
 * new column makes the file be written anew, under another name that then takes the place of the
 * old one, so that no row is ever lost.
 */
final class CsvTable {
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();
  private static final String EPOCH = "epoch";
  private static final String STEP = "step";

  private final Path file;
  private final List<String> columns = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();

  /** How many of the columns stand in the file's first line; 0 if there is no file. */
  private int columnsInFile;

  /** Whether the file ends within a row, as one of a process that was killed may. */
  private boolean endsWithinRow;

  private int stepColumn;
  private int[] cellColumns = new int[64];
  private double[] cellValues = new double[64];
  private int cells;
  private int[] rowEnds = new int[32];
  private int rows;

  private CsvTable(Path file) {
    this.file = file;
  }

  /**
   * Opens a file, or makes an empty one.
   *
   * @throws FulgurException if it cannot be read or written
   */
  static CsvTable open(Path file) {
    CsvTable table = new CsvTable(file);
    if (Files.exists(file)) {
      table.readHeader();
    }
    table.column(EPOCH);
    table.stepColumn = table.column(STEP);
    table.flush();
    return table;
  }

  private void readHeader() {
    try (CSVParser parser = CSVParser.parse(file, StandardCharsets.UTF_8, FORMAT)) {
      for (CSVRecord header : parser) {
        header.forEach(this::column);
        break;
      }
      endsWithinRow = endsWithinRow();
    } catch (IOException | UncheckedIOException e) {
      throw new FulgurException(
          ErrorId.FILE_UNREADABLE,
          "CsvLogger cannot go on with %s: %s. Move it away, or choose another folder."
              .formatted(file.toAbsolutePath(), e.getMessage()),
          e);
    }
    columnsInFile = columns.size();
  }

  private boolean endsWithinRow() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return channel.size() > 0
          && channel.read(last, channel.size() - 1) == 1
          && last.get(0) != '\n';
    }
  }

  private int column(String name) {
    Integer known = places.get(name);
    if (known == null) {
      known = columns.size();
      places.put(name, known);
      columns.add(name);
    }
    return known;
  }

  int bufferedRows() {
    return rows;
  }

  void add(Metrics metrics, long step) {
    int needed = cells + metrics.size() + 1;
    if (needed > cellColumns.length) {
      cellColumns = Arrays.copyOf(cellColumns, 2 * needed);
      cellValues = Arrays.copyOf(cellValues, 2 * needed);
    }
    addCell(stepColumn, (double) step);
    for (int i = 0; i < metrics.size(); i++) {
      addCell(column(metrics.name(i)), metrics.value(i));
    }
    if (rows == rowEnds.length) {
      rowEnds = Arrays.copyOf(rowEnds, 2 * rows);
    }
    rowEnds[rows++] = cells;
  }

  private void addCell(int column, double value) {
    cellColumns[cells] = column;
    cellValues[cells++] = value;
  }

  /**
   * Writes the rows in memory to the file. If that fails they stay in memory, and the file is as it
   * was.
   */
  void flush() {
    if (columns.size() > columnsInFile || endsWithinRow) {
      rewrite();
    } else if (rows > 0) {
      append();
    }
    columnsInFile = columns.size();
    endsWithinRow = false;
    rows = 0;
    cells = 0;
  }

  private void rewrite() {
    AtomicFiles.write(
        file,
        Files.exists(file) ? file.toFile().length() : 0,
        channel -> {
          // Not closed: that would close the channel, which is not ours.
          Writer out = Channels.newWriter(channel, StandardCharsets.UTF_8);
          CSVPrinter printer = new CSVPrinter(out, FORMAT);
          printer.printRecord(columns);
          copyOldRows(printer);
          print(printer);
          printer.flush();
        });
  }

  private void copyOldRows(CSVPrinter printer) throws IOException {
    if (columnsInFile == 0) {
      return;
    }
    try (CSVParser parser = CSVParser.parse(file, StandardCharsets.UTF_8, FORMAT)) {
      boolean header = true;
      for (CSVRecord row : parser) {
        if (!header) {
          for (int i = 0; i < columns.size(); i++) {
            printer.print(i < row.size() ? row.get(i) : null);
          }
          printer.println();
        }
        header = false;
      }
    }
  }

  private void append() {
    StringBuilder text = new StringBuilder();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      print(new CSVPrinter(text, FORMAT));
      long end = channel.size();
      ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
      try {
        long position = end;
        while (bytes.hasRemaining()) {
          position += channel.write(bytes, position);
        }
      } catch (IOException e) {
        channel.truncate(end);
        throw e;
      }
    } catch (IOException e) {
      throw new FulgurException(
          ErrorId.CANNOT_WRITE,
          "CsvLogger cannot write %s: %s. What it held before is still there. Check the folder and the room on its disk."
              .formatted(file.toAbsolutePath(), e.getMessage()),
          e);
    }
  }

  private void print(CSVPrinter printer) throws IOException {
    @Nullable Object[] row = new Object[columns.size()];
    int cell = 0;
    for (int i = 0; i < rows; i++) {
      Arrays.fill(row, null);
      for (; cell < rowEnds[i]; cell++) {
        row[cellColumns[cell]] = text(cellColumns[cell], cellValues[cell]);
      }
      printer.printRecord(row);
    }
  }

  private String text(int column, double value) {
    String name = columns.get(column);
    boolean counter = name.equals(EPOCH) || name.equals(STEP);
    return counter && value == Math.rint(value)
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
