package io.fulgur.log;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.tensorboard.EventFileException;
import io.fulgur.tensorboard.SessionStatus;
import io.fulgur.tensorboard.SummaryWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes what TensorBoard shows: a chart for each metric, and a row of the hparams dashboard.
 *
 * <p>Look at it with {@code tensorboard --logdir fulgur_logs}. The event file, and {@code
 * hparams.yaml}, stand in the {@linkplain RunFolder folder of the run}. The row of the dashboard
 * shows the metric {@code hp_metric}, which is -1 until the module logs it. Texts, images and
 * histograms are added to the {@link #writer()}, from any thread:
 *
 * <pre>{@code
 * logger.writer().addText("sample", generate(), trainer.loggingStep());
 * }</pre>
 *
 * @since 0.1
 */
public final class TensorBoardLogger extends FolderLogger {
  private static final String HP_METRIC = "hp_metric";

  private final String subDir;
  private final boolean defaultHpMetric;
  private @Nullable SummaryWriter writer;
  private boolean hasHyperparameters;
  private List<String> tags = List.of();
  private double[] values = {};

  /** Writes to {@code saveDir/fulgur_logs/version_N}. */
  public TensorBoardLogger(Path saveDir) {
    this(RunFolder.under(saveDir));
  }

  /** Writes to a folder, which other loggers may share. */
  public TensorBoardLogger(RunFolder folder) {
    this(builder(folder));
  }

  private TensorBoardLogger(Builder options) {
    super(options.folder, options.prefix);
    this.subDir = options.subDir;
    this.defaultHpMetric = options.defaultHpMetric;
  }

  /** Starts the options of a logger that writes to a folder, which other loggers may share. */
  public static Builder builder(RunFolder folder) {
    return new Builder(folder);
  }

  /**
   * Returns the writer, to add images, texts or histograms of one's own.
   *
   * @throws FulgurException if the event file cannot be written
   */
  public synchronized SummaryWriter writer() {
    SummaryWriter open = writer;
    if (open == null) {
      try {
        open = SummaryWriter.open(folder.path().resolve(subDir));
      } catch (EventFileException e) {
        throw cannotWrite(e);
      }
      writer = open;
    }
    return open;
  }

  @Override
  public void logMetrics(Metrics metrics, long step) {
    SummaryWriter open = writer();
    take(named(metrics));
    try {
      open.addScalars(tags, values, step);
    } catch (EventFileException e) {
      throw cannotWrite(e);
    }
  }

  /** Copies values, and their names if those are others than last time, which is rare. */
  private void take(Metrics metrics) {
    int size = metrics.size();
    boolean same = size == tags.size();
    if (!same) {
      values = new double[size];
    }
    for (int i = 0; i < size; i++) {
      same = same && metrics.name(i).equals(tags.get(i));
      values[i] = metrics.value(i);
    }
    if (!same) {
      String[] names = new String[size];
      for (int i = 0; i < size; i++) {
        names[i] = metrics.name(i);
      }
      tags = List.of(names);
    }
  }

  @Override
  public void logHyperparameters(Hyperparameters hyperparameters) {
    folder.writeHyperparameters(hyperparameters);
    SummaryWriter open = writer();
    if (hasHyperparameters || hyperparameters.isEmpty()) {
      return;
    }
    hasHyperparameters = true;
    Map<String, Object> values = new LinkedHashMap<>();
    hyperparameters
        .flattened()
        .forEach((name, value) -> values.put(name, value == null ? "null" : value));
    open.addHparams(values, defaultHpMetric ? Map.of(HP_METRIC, -1.0) : Map.of());
    open.flush();
  }

  @Override
  public void save() {
    ifOpen(SummaryWriter::flush);
  }

  @Override
  public void finish(RunStatus status) {
    SessionStatus session =
        status == RunStatus.SUCCESS ? SessionStatus.SUCCESS : SessionStatus.FAILURE;
    try {
      ifOpen(open -> open.close(session));
    } finally {
      closed();
    }
  }

  private synchronized void closed() {
    writer = null;
  }

  private synchronized @Nullable SummaryWriter openWriter() {
    return writer;
  }

  private void ifOpen(Consumer<SummaryWriter> action) {
    SummaryWriter open = openWriter();
    if (open != null) {
      try {
        action.accept(open);
      } catch (EventFileException e) {
        throw cannotWrite(e);
      }
    }
  }

  private static FulgurException cannotWrite(EventFileException e) {
    return new FulgurException(
        ErrorId.CANNOT_WRITE, "TensorBoardLogger cannot write. " + e.getMessage(), e);
  }

  /**
   * Options of a {@link TensorBoardLogger}.
   *
   * @since 0.1
   */
  public static final class Builder {
    private final RunFolder folder;
    private String prefix = "";
    private String subDir = "";
    private boolean defaultHpMetric = true;

    private Builder(RunFolder folder) {
      this.folder = folder;
    }

    /** Puts {@code prefix-} before the names of all metrics; nothing by default. */
    public Builder prefix(String newPrefix) {
      prefix = newPrefix;
      return this;
    }

    /** Writes the event file to a folder within that of the run; into that itself by default. */
    public Builder subDir(String directory) {
      subDir = directory;
      return this;
    }

    /**
     * Shows {@code hp_metric} on the hparams dashboard, -1 until the module logs it (the default),
     * or only the hyperparameters.
     */
    public Builder defaultHpMetric(boolean on) {
      defaultHpMetric = on;
      return this;
    }

    /** Makes the logger. */
    public TensorBoardLogger build() {
      return new TensorBoardLogger(this);
    }
  }
}
