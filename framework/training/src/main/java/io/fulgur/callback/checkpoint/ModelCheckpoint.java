package io.fulgur.callback.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fulgur.RunKind;
import io.fulgur.RunningStage;
import io.fulgur.TerminationException;
import io.fulgur.Trainer;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.callback.MonitorTiming;
import io.fulgur.callback.MonitoredMetrics;
import io.fulgur.checkpoint.AtomicFiles;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.State;
import io.fulgur.data.Batch;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves checkpoints, and keeps the best of them by a logged metric, or the newest.
 *
 * <pre>{@code
 * ModelCheckpoint.builder().monitor("val_loss").saveTopK(3).saveLast(true).build()
 * }</pre>
 *
 * <p>Saves at the end of training epochs, or of validations if those run more or less often than
 * once an epoch; or after a number of optimizer steps, or some time. Once for each step at most. Of
 * the files it writes it deletes those that are no longer among the best, after the new one is
 * whole; it deletes nothing that it has not written, nothing outside of its folder, and not the
 * checkpoint that a run goes on from. Does nothing in the sanity check and with {@code fastDevRun}.
 *
 * <p>Follows {@code lightning.pytorch.callbacks.ModelCheckpoint}, with these differences: a file
 * name or a monitor that names a metric that was not logged is an error; {@code saveLast} writes
 * the newest state at each occasion, whether it is among the best or not, at the end of training,
 * and when training fails; the first of a trainer does so whenever a training is {@linkplain
 * TerminationException ended from outside}; steps are not missed where several optimizers step at
 * once; a slash in a metric's name becomes an underscore in the file's.
 *
 * @since 0.1
 */
public final class ModelCheckpoint implements CheckpointCallback {
  private static final Logger LOG = LoggerFactory.getLogger(ModelCheckpoint.class);
  private static final FileNameTemplate ALWAYS_KNOWN = new FileNameTemplate("{epoch}-{step}", true);

  private final CheckpointOptions options;
  private final CheckpointTrigger trigger;
  private final CheckpointKeeper keeper;
  private @Nullable CheckpointFolder folder;
  private boolean hasValidated;
  private boolean hasWarned;
  private boolean prepared;

  /** Whether a checkpoint is due, but the value that it is judged by is not there yet. */
  private boolean deferred;

  ModelCheckpoint(CheckpointOptions options, CheckpointTrigger trigger) {
    this.options = options;
    this.trigger = trigger;
    this.keeper = new CheckpointKeeper(options);
  }

  /** Returns a builder with the defaults: the newest of each epoch, {@code {epoch}-{step}}. */
  public static ModelCheckpointBuilder builder() {
    return new ModelCheckpointBuilder();
  }

  @Override
  public @Nullable Path bestModelPath() {
    return keeper.saved().bestPath();
  }

  /** Returns the monitored value of the best checkpoint; null if nothing is monitored or saved. */
  public @Nullable Double bestModelScore() {
    return keeper.saved().bestScore();
  }

  /** Returns the monitored value of the last time to save; null if there was none. */
  public @Nullable Double currentScore() {
    return keeper.saved().currentScore();
  }

  /** {@inheritDoc} One of an earlier run is found in the same folder. */
  @Override
  public @Nullable Path lastModelPath() {
    Path last = keeper.saved().lastPath();
    Path where = folder == null ? options.dirPath() : folder.path();
    return last == null && where != null
        ? CheckpointFolder.newest(where, options.lastFileName())
        : last;
  }

  /** Returns the checkpoints that are kept by their monitored values, the best first. */
  public Map<Path, Double> bestKModels() {
    return keeper.saved().byPath();
  }

  /**
   * Writes {@link #bestKModels()} as YAML, a path and its value in each line, the best first.
   *
   * @throws FulgurException if the file cannot be written
   */
  public void toYaml(Path file) {
    Map<String, Double> scores = new LinkedHashMap<>();
    bestKModels().forEach((path, score) -> scores.put(path.toString(), score));
    try {
      AtomicFiles.writeString(file, new YAMLMapper().writeValueAsString(scores));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts and numbers can be written as YAML", e);
    }
  }

  // ---------------------------------------------------------------- when to save

  @Override
  public void setup(Trainer trainer, FulgurModule module, RunKind kind) {
    if (kind != RunKind.FIT || trainer.isFastDevRun()) {
      return;
    }
    Path configured = options.dirPath();
    Path where = configured == null ? trainer.logDir().resolve("checkpoints") : configured;
    CheckpointFolder chosen =
        new CheckpointFolder(where, options.enableVersionCounter(), trainer.checkpointIO());
    chosen.prepare();
    if (keeper.saved().savedStep() < 0 && chosen.hasCheckpoints()) {
      LOG.warn(
          "{} holds checkpoints already: {}",
          chosen.path(),
          options.enableVersionCounter()
              ? "they stay, and a name that is taken gets a version"
              : "those of the same name will be overwritten");
    }
    folder = chosen;
    hasValidated = false;
    hasWarned = false;
    deferred = false;
    prepared = false;
  }

  @Override
  public void onLoadCheckpoint(Trainer trainer, FulgurModule module, Checkpoint checkpoint) {
    Path source = checkpoint.source();
    if (folder != null && source != null) {
      folder.protect(source);
    }
  }

  @Override
  public void onTrainStart(Trainer trainer, FulgurModule module) {
    trigger.start(trainer.globalStep());
    if (!trainer.isFastDevRun()) {
      trainer.prepareCheckpoints(options.saveWeightsOnly());
    }
  }

  @Override
  public void onTrainBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex) {
    if (trainer.isFastDevRun()) {
      return;
    }
    if (!prepared && trainer.globalStep() > 0) {
      // Most optimizers make their states in the first step.
      prepared = true;
      trainer.prepareCheckpoints(options.saveWeightsOnly());
    }
    if (!trigger.isDueAfterBatch(trainer.globalStep())) {
      return;
    }
    if (isJudged()
        && trainer.isLastBatch()
        && !Boolean.TRUE.equals(options.saveOnTrainEpochEnd())
        && MonitorTiming.validatesThisEpoch(trainer)) {
      // What is known is of an earlier validation.
      deferred = true;
    } else {
      save(trainer, /* mayWait= */ true);
    }
  }

  @Override
  public void onValidationEnd(Trainer trainer, FulgurModule module) {
    if (!MonitorTiming.isTraining(trainer)) {
      return;
    }
    hasValidated = true;
    boolean due = !atTrainEpochEnd(trainer) && isDueInEpoch(trainer);
    if (!trainer.isFastDevRun() && (deferred || due)) {
      save(trainer, /* mayWait= */ !due);
    }
  }

  @Override
  public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
    if (!trainer.isFastDevRun()
        && (deferred || (atTrainEpochEnd(trainer) && isDueInEpoch(trainer)))) {
      save(trainer, /* mayWait= */ false);
    }
  }

  @Override
  public void onTrainEnd(Trainer trainer, FulgurModule module) {
    if (!trainer.isFastDevRun() && keeper.saveLast(occasion(trainer))) {
      trainer.afterSaveCheckpoint(this);
    }
  }

  @Override
  public void onException(Trainer trainer, FulgurModule module, Throwable exception) {
    boolean training =
        trainer.stage() == RunningStage.TRAINING || trainer.stage() == RunningStage.VALIDATING;
    if (trainer.runKind() != RunKind.FIT || !training || trainer.isFastDevRun() || folder == null) {
      return;
    }
    boolean saved = false;
    if (exception instanceof TerminationException
        && trainer.checkpointCallback() == this
        && trainer.totalBatches() > 0) {
      // There may be batches since the last step, which are not to be lost.
      saved = keeper.saveLastAgain(occasion(trainer, /* weightsOnly= */ false));
    } else if (options.saveOnException()) {
      saved = keeper.saveUnranked(occasion(trainer), exceptionName(trainer));
    } else if (trainer.globalStep() > 0) {
      saved = keeper.saveLast(occasion(trainer));
    }
    if (saved) {
      trainer.afterSaveCheckpoint(this);
    }
  }

  /** The name must not fail because training failed before a metric was logged. */
  private String exceptionName(Trainer trainer) {
    Map<String, Double> metrics = MonitoredMetrics.of(trainer);
    try {
      return options.fileName().format(metrics);
    } catch (FulgurException e) {
      if (e.id() != ErrorId.UNKNOWN_METRIC) {
        throw e;
      }
      return ALWAYS_KNOWN.format(metrics);
    }
  }

  private boolean atTrainEpochEnd(Trainer trainer) {
    Boolean chosen = options.saveOnTrainEpochEnd();
    return chosen == null ? MonitorTiming.atTrainEpochEnd(trainer) : chosen;
  }

  private boolean isDueInEpoch(Trainer trainer) {
    return trigger.isDueInEpoch(trainer.currentEpoch());
  }

  private boolean isJudged() {
    return options.monitor() != null && options.saveTopK() != 0;
  }

  /**
   * Saves what is due.
   *
   * @param mayWait whether a value that is not known may come later in this epoch
   */
  private void save(Trainer trainer, boolean mayWait) {
    CheckpointKeeper.Occasion now = occasion(trainer);
    boolean wasDeferred = deferred;
    deferred = false;
    boolean saved;
    String monitor = options.monitor();
    if (!isJudged() || monitor == null || now.metrics().containsKey(monitor)) {
      saved = keeper.save(now);
    } else {
      boolean later = MonitorTiming.validates(trainer) && !hasValidated;
      if (!mayWait && !later) {
        throw MonitoredMetrics.monitorNotFound("ModelCheckpoint", monitor, now.metrics());
      }
      if (!mayWait && !hasWarned) {
        hasWarned = true;
        LOG.warn(
            "ModelCheckpoint monitors \"{}\", which was not logged yet: nothing is saved before the"
                + " first validation",
            monitor);
      }
      deferred = mayWait || wasDeferred;
      saved = keeper.saveLast(now);
    }
    if (saved) {
      trainer.afterSaveCheckpoint(this);
    }
  }

  private CheckpointKeeper.Occasion occasion(Trainer trainer) {
    return occasion(trainer, options.saveWeightsOnly());
  }

  private CheckpointKeeper.Occasion occasion(Trainer trainer, boolean weightsOnly) {
    CheckpointFolder where = folder;
    if (where == null) {
      throw new IllegalStateException("ModelCheckpoint was not set up by a trainer");
    }
    return new CheckpointKeeper.Occasion(
        where,
        trainer.globalStep(),
        MonitoredMetrics.of(trainer),
        path -> trainer.saveCheckpoint(path, weightsOnly));
  }

  // ---------------------------------------------------------------- state

  @Override
  public String stateKey() {
    return "ModelCheckpoint{monitor=%s, mode=%s, %s}"
        .formatted(options.monitor(), options.mode(), trigger);
  }

  @Override
  public State state() {
    return keeper.saved().toState(folder == null ? null : folder.path());
  }

  @Override
  public void loadState(State state) {
    CheckpointFolder where = folder;
    if (where == null || !SavedCheckpoints.isOf(state, where.path())) {
      LOG.warn(
          "Checkpoints go to {} now, to {} before: those stay there, and the ranking starts anew",
          where == null ? "no folder" : where.path(),
          state.stringValue("folder"));
      keeper.restore(SavedCheckpoints.restoreBest(state, keeper.emptyRanking()));
      return;
    }
    keeper.restore(SavedCheckpoints.restore(state, keeper.emptyRanking(), where.io()::exists));
  }
}
