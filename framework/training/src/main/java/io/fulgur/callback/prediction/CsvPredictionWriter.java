package io.fulgur.callback.prediction;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * Writes predictions to a CSV file, a row for each sample, as they are made.
 *
 * <p>Columns: {@code dataloader}, {@code batch}, {@code sample} (its index in the data set, empty
 * if that is not known), and for each output of shape {@code [batch]} its name, of other shapes its
 * name with {@code _0}, {@code _1}, ... for each number. The file takes its name once it is whole
 * and replaces one that was there; until then, and if prediction fails, it is {@code
 * <name>.partial}.
 *
 * @since 0.1
 */
public final class CsvPredictionWriter extends FilePredictionWriter {
  private static final CSVFormat FORMAT = CSVFormat.Builder.create().setRecordSeparator('\n').get();

  private @Nullable CSVPrinter printer;
  private List<String> header = List.of();

  /** Writes to a file, whose folder is made if there is none. */
  public CsvPredictionWriter(Path file) {
    super(file);
  }

  @Override
  void begin(Writer to) throws IOException {
    printer = new CSVPrinter(to, FORMAT);
    header = List.of();
  }

  @Override
  void write(Row row) throws IOException {
    CSVPrinter out = printer;
    if (out == null) {
      return;
    }
    List<String> columns = columns(row);
    if (header.isEmpty()) {
      header = columns;
      out.printRecord(columns);
    } else if (!header.equals(columns)) {
      throw new FulgurException(
          ErrorId.SHAPE_MISMATCH,
          "Batch %d of dataloader %d predicts %s, but the file has the columns %s. Return the same outputs of the same shapes for each batch, or use JsonLinesPredictionWriter."
              .formatted(row.batch(), row.dataloader(), columns, header));
    }
    List<Object> cells = new ArrayList<>(columns.size());
    cells.add(row.dataloader());
    cells.add(row.batch());
    cells.add(row.sample() < 0 ? "" : row.sample());
    for (RowValue value : row.values().values()) {
      for (int i = 0; i < value.size(); i++) {
        cells.add(value.get(i));
      }
    }
    out.printRecord(cells);
  }

  private static List<String> columns(Row row) {
    List<String> columns = new ArrayList<>(List.of("dataloader", "batch", "sample"));
    row.values()
        .forEach(
            (name, value) -> {
              if (value.shape().length == 0) {
                columns.add(name);
                return;
              }
              for (int i = 0; i < value.size(); i++) {
                columns.add(name + "_" + i);
              }
            });
    return columns;
  }
}
