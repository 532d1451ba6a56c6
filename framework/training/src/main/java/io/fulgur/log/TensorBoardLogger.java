package io.fulgur.log;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.tensorboard.EventFileException;
import io.fulgur.tensorboard.SessionStatus;
import io.fulgur.tensorboard.SummaryWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes what TensorBoard shows: a chart for each metric, and a row of the hparams dashboard.
 *
 * <p>Look at it with {@code tensorboard --logdir fulgur_logs}. The event file, and {@code
 * hparams.yaml}, stand in the {@linkplain RunFolder folder of the run}. The row of the dashboard
 * shows the metric {@code hp_metric}, which is -1 until the module logs it.
 *
 * @since 0.1
 */
public final class TensorBoardLogger extends FolderLogger {
  private static final String HP_METRIC = "hp_metric";

  private @Nullable SummaryWriter writer;
  private boolean hasHyperparameters;

  /** Writes to {@code saveDir/fulgur_logs/version_N}. */
  public TensorBoardLogger(Path saveDir) {
    this(RunFolder.under(saveDir));
  }

  /** Writes to a folder, which other loggers may share. */
  public TensorBoardLogger(RunFolder folder) {
    super(folder);
  }

  /**
   * Returns the writer, to add images, texts or histograms of one's own.
   *
   * @throws FulgurException if the event file cannot be written
   */
  public SummaryWriter writer() {
    SummaryWriter open = writer;
    if (open == null) {
      try {
        open = SummaryWriter.open(folder.path());
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
    try {
      for (int i = 0; i < metrics.size(); i++) {
        open.addScalar(metrics.name(i), metrics.value(i), step);
      }
    } catch (EventFileException e) {
      throw cannotWrite(e);
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
    open.addHparams(values, Map.of(HP_METRIC, -1.0));
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
      writer = null;
    }
  }

  private void ifOpen(Consumer<SummaryWriter> action) {
    SummaryWriter open = writer;
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
}
