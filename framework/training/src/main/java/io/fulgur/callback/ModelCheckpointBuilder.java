package io.fulgur.callback;

import io.fulgur.error.FulgurException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Collects the options of a {@link ModelCheckpoint}.
 *
 * @since 0.1
 */
public final class ModelCheckpointBuilder {
  private @Nullable String monitor;
  private MonitorMode mode = MonitorMode.MIN;
  private int everyNEpochs = 1;
  private int saveTopK = 1;
  private boolean saveLast;
  private String fileName = "{epoch}-{step}";
  private boolean autoInsertMetricName = true;
  private @Nullable Path dirPath;
  private boolean saveWeightsOnly;
  private @Nullable Boolean saveOnTrainEpochEnd;
  private boolean enableVersionCounter = true;

  ModelCheckpointBuilder() {}

  /** Names the metric by which checkpoints are ranked; without one the newest is the best. */
  public ModelCheckpointBuilder monitor(String metric) {
    monitor = metric;
    return this;
  }

  /** Says which values are better; {@link MonitorMode#MIN} by default. */
  public ModelCheckpointBuilder mode(MonitorMode better) {
    mode = better;
    return this;
  }

  /** Saves in every n-th epoch; 1 by default, 0 for never. */
  public ModelCheckpointBuilder everyNEpochs(int epochs) {
    everyNEpochs = epochs;
    return this;
  }

  /**
   * Keeps this many of the best, 1 by default; 0 saves none, -1 keeps all. Without a monitor only
   * these three are possible.
   */
  public ModelCheckpointBuilder saveTopK(int checkpoints) {
    saveTopK = checkpoints;
    return this;
  }

  /** Also keeps {@code last.ckpt}, which is always the newest. */
  public ModelCheckpointBuilder saveLast(boolean save) {
    saveLast = save;
    return this;
  }

  /**
   * Names files, without extension: <code>{epoch:02d}-{val_loss:.3f}</code> becomes {@code
   * epoch=09-val_loss=0.251.ckpt}. Epochs are counted from 0, steps are those of optimizers. The
   * default is <code>{epoch}-{step}</code>.
   */
  public ModelCheckpointBuilder fileName(String template) {
    fileName = template;
    return this;
  }

  /** Writes {@code name=} before each value in the file name (the default), or does not. */
  public ModelCheckpointBuilder autoInsertMetricName(boolean insert) {
    autoInsertMetricName = insert;
    return this;
  }

  /**
   * Saves in this folder; the default is {@code checkpoints} in the folder of the first logger, or
   * in the trainer's {@code defaultRootDir} if there is none.
   */
  public ModelCheckpointBuilder dirPath(Path folder) {
    dirPath = folder;
    return this;
  }

  /** Saves the weights only, from which a run cannot go on. */
  public ModelCheckpointBuilder saveWeightsOnly(boolean weightsOnly) {
    saveWeightsOnly = weightsOnly;
    return this;
  }

  /**
   * Saves at the end of training epochs, or of validations. By default at the end of training
   * epochs if validation runs once at the end of each, or never; else of validations.
   */
  public ModelCheckpointBuilder saveOnTrainEpochEnd(boolean save) {
    saveOnTrainEpochEnd = save;
    return this;
  }

  /** Adds {@code -v1} to a name that another file has (the default), or overwrites that file. */
  public ModelCheckpointBuilder enableVersionCounter(boolean enable) {
    enableVersionCounter = enable;
    return this;
  }

  /**
   * Makes the callback.
   *
   * @throws FulgurException that lists everything wrong with the options
   */
  public ModelCheckpoint build() {
    OptionMistakes mistakes = new OptionMistakes("ModelCheckpoint");
    mistakes.require(
        saveTopK >= -1, "saveTopK is " + saveTopK + ", but must be at least -1, which keeps all.");
    mistakes.require(
        monitor != null || saveTopK <= 1,
        "saveTopK is "
            + saveTopK
            + " without a monitor, so there is nothing to rank by. Set monitor, or use -1, 0 or 1.");
    mistakes.require(
        everyNEpochs >= 0,
        "everyNEpochs is " + everyNEpochs + ", but must be at least 0, which never saves.");
    mistakes.require(
        monitor == null || !monitor.isBlank(), "monitor is blank. Name a metric that is logged.");
    mistakes.require(!fileName.isBlank(), "fileName is blank. Leave it out for {epoch}-{step}.");
    mistakes.throwIfAny();
    return new ModelCheckpoint(
        new CheckpointOptions(
            monitor,
            mode,
            everyNEpochs,
            saveTopK,
            saveLast,
            dirPath,
            saveWeightsOnly,
            saveOnTrainEpochEnd,
            enableVersionCounter),
        new FileNameTemplate(fileName, autoInsertMetricName));
  }
}
