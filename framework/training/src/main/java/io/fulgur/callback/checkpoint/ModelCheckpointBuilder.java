package io.fulgur.callback.checkpoint;

import io.fulgur.callback.MonitorMode;
import io.fulgur.error.FulgurException;
import io.fulgur.error.OptionMistakes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects the options of a {@link ModelCheckpoint}.
 *
 * @since 0.1
 */
public final class ModelCheckpointBuilder {
  private @Nullable String monitor;
  private MonitorMode mode = MonitorMode.MIN;
  private @Nullable Integer everyNEpochs;
  private long everyNTrainSteps;
  private @Nullable Duration trainTimeInterval;
  private LongSupplier nanoClock = System::nanoTime;
  private int saveTopK = 1;
  private SaveLast saveLast = SaveLast.NO;
  private boolean saveOnException;
  private String fileName = "{epoch}-{step}";
  private String lastFileName = "last";
  private boolean autoInsertMetricName = true;
  private @Nullable Path dirPath;
  private boolean saveWeightsOnly;
  private @Nullable Boolean saveOnTrainEpochEnd;
  private boolean enableVersionCounter = true;
  private boolean verbose;

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

  /**
   * Saves in every n-th epoch; 0 for never. The default is 1, or 0 if {@link #everyNTrainSteps} or
   * {@link #trainTimeInterval} is set, which exclude each other and this.
   */
  public ModelCheckpointBuilder everyNEpochs(int epochs) {
    everyNEpochs = epochs;
    return this;
  }

  /**
   * Saves after every n steps of all optimizers together, 0 for never (the default). If the
   * monitored value is not known then, or is about to be known better, saves at the end of the next
   * validation.
   */
  public ModelCheckpointBuilder everyNTrainSteps(long steps) {
    everyNTrainSteps = steps;
    return this;
  }

  /**
   * Saves after the first batch that ends so long after training began or after the last time;
   * never by default. Waits for the monitored value as with {@link #everyNTrainSteps}.
   */
  public ModelCheckpointBuilder trainTimeInterval(Duration interval) {
    trainTimeInterval = interval;
    return this;
  }

  /** Measures time with this instead of {@link System#nanoTime()}, for tests. */
  public ModelCheckpointBuilder nanoClock(LongSupplier clock) {
    nanoClock = clock;
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

  /** Also keeps {@code last.ckpt}, which is always the newest, as a file, or does not. */
  public ModelCheckpointBuilder saveLast(boolean save) {
    return saveLast(save ? SaveLast.FILE : SaveLast.NO);
  }

  /** Says how {@code last.ckpt} is kept; {@link SaveLast#NO} by default. */
  public ModelCheckpointBuilder saveLast(SaveLast how) {
    saveLast = how;
    return this;
  }

  /** Names the newest, as {@link #fileName} does; {@code last} by default. */
  public ModelCheckpointBuilder lastFileName(String template) {
    lastFileName = template;
    return this;
  }

  /**
   * Saves also when training fails, under the usual name, unless that step was saved already. Such
   * a checkpoint is not ranked and not deleted. If the name needs a metric that has not been logged
   * yet, it is <code>{epoch}-{step}</code>.
   */
  public ModelCheckpointBuilder saveOnException(boolean save) {
    saveOnException = save;
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

  /** Logs each checkpoint as information rather than for debugging only. */
  public ModelCheckpointBuilder verbose(boolean tell) {
    verbose = tell;
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
            + " without a monitor, so there is nothing to rank by. Set monitor, or use -1, 0 or"
            + " 1.");
    checkTriggers(mistakes);
    mistakes.require(
        monitor == null || !monitor.isBlank(), "monitor is blank. Name a metric that is logged.");
    mistakes.require(!fileName.isBlank(), "fileName is blank. Leave it out for {epoch}-{step}.");
    mistakes.require(!lastFileName.isBlank(), "lastFileName is blank. Leave it out for last.");
    mistakes.require(
        !fileName.equals(lastFileName),
        "fileName and lastFileName are both \"" + fileName + "\". Change one of them.");
    mistakes.throwIfAny();
    int epochs = everyNEpochs == null ? (hasOtherTrigger() ? 0 : 1) : everyNEpochs;
    return new ModelCheckpoint(
        new CheckpointOptions(
            monitor,
            mode,
            saveTopK,
            saveLast,
            saveOnException,
            saveWeightsOnly,
            saveOnTrainEpochEnd,
            new FileNameTemplate(fileName, autoInsertMetricName),
            new FileNameTemplate(lastFileName, autoInsertMetricName),
            dirPath,
            enableVersionCounter,
            verbose),
        new CheckpointTrigger(epochs, everyNTrainSteps, trainTimeInterval, nanoClock));
  }

  private boolean hasOtherTrigger() {
    return everyNTrainSteps > 0 || trainTimeInterval != null;
  }

  private void checkTriggers(OptionMistakes mistakes) {
    mistakes.require(
        everyNEpochs == null || everyNEpochs >= 0,
        "everyNEpochs is " + everyNEpochs + ", but must be at least 0, which never saves.");
    mistakes.require(
        everyNTrainSteps >= 0,
        "everyNTrainSteps is " + everyNTrainSteps + ", but must be at least 0, which never saves.");
    mistakes.require(
        trainTimeInterval == null || !trainTimeInterval.isNegative(),
        "trainTimeInterval is " + trainTimeInterval + ", but time does not run backwards.");
    List<String> given = new ArrayList<>();
    if (everyNEpochs != null && everyNEpochs > 0) {
      given.add("everyNEpochs is " + everyNEpochs);
    }
    if (everyNTrainSteps > 0) {
      given.add("everyNTrainSteps is " + everyNTrainSteps);
    }
    if (trainTimeInterval != null) {
      given.add("trainTimeInterval is " + trainTimeInterval);
    }
    mistakes.require(
        given.size() <= 1,
        String.join(", ", given)
            + ", but only one of them can say when to save. Use a ModelCheckpoint for each.");
  }
}
