package io.fulgur.log;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.hyperparameter.Hyperparameters;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code metrics.csv}: a column for each metric, a row for each time that something is
 * logged, to be read by spreadsheets and scripts.
 *
 * <p>The first columns are {@code epoch} and {@code step}; the others come in the order in which
 * metrics were first logged, and a cell is empty where its metric was not. Stands beside {@code
 * hparams.yaml} in the {@linkplain RunFolder folder of the run}; a file that is there already is
 * gone on with. Rows are kept in memory until {@code flushEveryNRows} of them have come, an epoch
 * or the run ends, also by an exception.
 *
 * @since 0.1
 */
public final class CsvLogger extends FolderLogger {
  /** How many rows are kept in memory by default. */
  public static final int DEFAULT_FLUSH_EVERY_N_ROWS = 100;

  private static final String FILE = "metrics.csv";

  private final int flushEveryNRows;
  private @Nullable CsvTable table;

  /** Writes to {@code saveDir/fulgur_logs/version_N}. */
  public CsvLogger(Path saveDir) {
    this(RunFolder.under(saveDir));
  }

  /** Writes to a folder, which other loggers may share. */
  public CsvLogger(RunFolder folder) {
    this(builder(folder));
  }

  private CsvLogger(Builder options) {
    super(options.folder, options.prefix);
    this.flushEveryNRows = options.flushEveryNRows;
  }

  /** Starts the options of a logger that writes to a folder, which other loggers may share. */
  public static Builder builder(RunFolder folder) {
    return new Builder(folder);
  }

  private CsvTable table() {
    CsvTable open = table;
    if (open == null) {
      open = CsvTable.open(folder.path().resolve(FILE));
      table = open;
    }
    return open;
  }

  @Override
  public void logMetrics(Metrics metrics, long step) {
    CsvTable open = table();
    open.add(named(metrics), step);
    if (open.bufferedRows() >= flushEveryNRows) {
      open.flush();
    }
  }

  @Override
  public void logHyperparameters(Hyperparameters hyperparameters) {
    folder.writeHyperparameters(hyperparameters);
    table();
  }

  @Override
  public void save() {
    if (table != null) {
      table.flush();
    }
  }

  @Override
  public void finish(RunStatus status) {
    save();
  }

  /**
   * Options of a {@link CsvLogger}.
   *
   * @since 0.1
   */
  public static final class Builder {
    private final RunFolder folder;
    private String prefix = "";
    private int flushEveryNRows = DEFAULT_FLUSH_EVERY_N_ROWS;

    private Builder(RunFolder folder) {
      this.folder = folder;
    }

    /** Puts {@code prefix-} before the names of all metrics; nothing by default. */
    public Builder prefix(String newPrefix) {
      prefix = newPrefix;
      return this;
    }

    /** Writes each time that so many rows have come; 100 by default. */
    public Builder flushEveryNRows(int rows) {
      flushEveryNRows = rows;
      return this;
    }

    /**
     * Makes the logger.
     *
     * @throws FulgurException if {@code flushEveryNRows} is not positive
     */
    public CsvLogger build() {
      if (flushEveryNRows < 1) {
        throw new FulgurException(
            ErrorId.INVALID_OPTIONS,
            "flushEveryNRows of CsvLogger is %d, but must be at least 1."
                .formatted(flushEveryNRows));
      }
      return new CsvLogger(this);
    }
  }
}
