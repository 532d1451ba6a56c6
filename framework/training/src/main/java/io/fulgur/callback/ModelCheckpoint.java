package io.fulgur.callback;

import io.fulgur.RunKind;
import io.fulgur.TerminationException;
import io.fulgur.Trainer;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.State;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import java.nio.file.Path;
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
 * once an epoch; once for each step at most. Of the files it writes it deletes those that are no
 * longer among the best, after the new one is whole; it deletes nothing that it has not written,
 * nor the checkpoint that a run goes on from. Does nothing in the sanity check and with {@code
 * fastDevRun}.
 *
 * <p>Follows {@code lightning.pytorch.callbacks.ModelCheckpoint}, with these differences: a file
 * name or a monitor that names a metric that was not logged is an error; {@code saveLast} writes
 * the newest state at each occasion, whether it is among the best or not, at the end of training,
 * and when training fails; the first of a trainer does so whenever a training is {@linkplain
 * TerminationException ended from outside}; a slash in a metric's name becomes an underscore in the
 * file's.
 *
 * @since 0.1
 */
public final class ModelCheckpoint implements CheckpointCallback {
  private static final Logger LOG = LoggerFactory.getLogger(ModelCheckpoint.class);
  private static final String NOTHING = "";

  private final CheckpointOptions options;
  private final FileNameTemplate fileName;
  private @Nullable Path folder;
  private @Nullable Path resumedFrom;
  private boolean hasValidated;
  private Progress progress;

  /**
   * What has been saved.
   *
   * @param ranking what is kept
   * @param bestPath the best so far, or the newest if nothing is monitored
   * @param bestScore its value; null if nothing is monitored
   * @param lastPath the file that is always the newest
   * @param savedStep the step at which one was saved under its own name; -1 for never
   * @param lastSavedStep the step at which the newest was saved; -1 for never
   */
  private record Progress(
      CheckpointRanking ranking,
      @Nullable Path bestPath,
      @Nullable Double bestScore,
      @Nullable Path lastPath,
      long savedStep,
      long lastSavedStep) {}

  ModelCheckpoint(CheckpointOptions options, FileNameTemplate fileName) {
    this.options = options;
    this.fileName = fileName;
    this.progress = nothingSaved();
  }

  /** Returns a builder with the defaults: the newest of each epoch, {@code {epoch}-{step}}. */
  public static ModelCheckpointBuilder builder() {
    return new ModelCheckpointBuilder();
  }

  private Progress nothingSaved() {
    return new Progress(
        CheckpointRanking.empty(options.mode(), options.saveTopK()), null, null, null, -1, -1);
  }

  @Override
  public @Nullable Path bestModelPath() {
    return progress.bestPath();
  }

  /** Returns the monitored value of the best checkpoint; null if nothing is monitored or saved. */
  public @Nullable Double bestModelScore() {
    return progress.bestScore();
  }

  /** {@inheritDoc} One of an earlier run is found in the same folder. */
  @Override
  public @Nullable Path lastModelPath() {
    Path last = progress.lastPath();
    Path where = folder == null ? options.dirPath() : folder;
    return last == null && where != null ? CheckpointFiles.newestLast(where) : last;
  }

  /** Returns the checkpoints that are kept by their monitored values, the best first. */
  public Map<Path, Double> bestKModels() {
    return CheckpointState.byPath(progress.ranking());
  }

  // ---------------------------------------------------------------- when to save

  @Override
  public void setup(Trainer trainer, FulgurModule module, RunKind kind) {
    if (kind != RunKind.FIT || trainer.isFastDevRun()) {
      return;
    }
    Path configured = options.dirPath();
    Path where = configured == null ? trainer.logDir().resolve("checkpoints") : configured;
    folder = where.toAbsolutePath().normalize();
    CheckpointFiles.prepare(folder);
    hasValidated = false;
  }

  @Override
  public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
    if (atTrainEpochEnd(trainer)) {
      saveIfDue(trainer);
    }
  }

  @Override
  public void onValidationEnd(Trainer trainer, FulgurModule module) {
    if (!MonitorTiming.isTraining(trainer)) {
      return;
    }
    hasValidated = true;
    if (!atTrainEpochEnd(trainer)) {
      saveIfDue(trainer);
    }
  }

  @Override
  public void onTrainEnd(Trainer trainer, FulgurModule module) {
    if (options.saveLast() && !trainer.isFastDevRun()) {
      saveLast(trainer);
    }
  }

  @Override
  public void onException(Trainer trainer, FulgurModule module, Throwable exception) {
    if (trainer.isFastDevRun() || !MonitorTiming.isTraining(trainer) || folder == null) {
      return;
    }
    if (exception instanceof TerminationException
        && trainer.checkpointCallback() == this
        && trainer.totalBatches() > 0) {
      // There may be batches since the last step, which are not to be lost.
      saveNewLast(trainer, /* weightsOnly= */ false);
    } else if (options.saveLast() && trainer.globalStep() > 0) {
      saveLast(trainer);
    }
  }

  private boolean atTrainEpochEnd(Trainer trainer) {
    Boolean chosen = options.saveOnTrainEpochEnd();
    return chosen == null ? MonitorTiming.atTrainEpochEnd(trainer) : chosen;
  }

  private void saveIfDue(Trainer trainer) {
    int every = options.everyNEpochs();
    if (trainer.isFastDevRun() || every == 0 || (trainer.currentEpoch() + 1) % every != 0) {
      return;
    }
    if (options.saveTopK() != 0 && progress.savedStep() != trainer.globalStep()) {
      saveTopK(trainer);
    }
    if (options.saveLast()) {
      saveLast(trainer);
    }
  }

  // ---------------------------------------------------------------- saving

  private void saveTopK(Trainer trainer) {
    Map<String, Double> metrics = MonitoredMetrics.of(trainer);
    String monitor = options.monitor();
    if (monitor == null) {
      saveNewest(trainer, metrics);
      return;
    }
    Double value = metrics.get(monitor);
    if (value == null) {
      if (MonitorTiming.validates(trainer) && !hasValidated) {
        LOG.warn(
            "ModelCheckpoint monitors \"{}\", which was not logged yet: nothing is saved before the"
                + " first validation",
            monitor);
        return;
      }
      throw MonitoredMetrics.monitorNotFound("ModelCheckpoint", monitor, metrics);
    }
    CheckpointRanking ranking = progress.ranking();
    if (!ranking.accepts(value)) {
      return;
    }
    Path path = freePath(fileName.format(metrics), ranking.nextToGo());
    CheckpointRanking.Change change = ranking.with(path, value);
    CheckpointRanking.Entry best = change.ranking().best();
    if (best == null) {
      throw new AssertionError("A checkpoint that was accepted is not ranked: " + path);
    }
    save(
        trainer,
        path,
        new Progress(
            change.ranking(),
            best.path(),
            best.score(),
            progress.lastPath(),
            trainer.globalStep(),
            progress.lastSavedStep()));
    remove(trainer, change.evicted(), path);
  }

  private void saveNewest(Trainer trainer, Map<String, Double> metrics) {
    Path old = options.saveTopK() == 1 ? progress.bestPath() : null;
    Path path = freePath(fileName.format(metrics), old);
    save(
        trainer,
        path,
        new Progress(
            progress.ranking(),
            path,
            null,
            progress.lastPath(),
            trainer.globalStep(),
            progress.lastSavedStep()));
    remove(trainer, old, path);
  }

  private void saveLast(Trainer trainer) {
    if (progress.lastSavedStep() != trainer.globalStep()) {
      saveNewLast(trainer, options.saveWeightsOnly());
    }
  }

  private void saveNewLast(Trainer trainer, boolean weightsOnly) {
    Path path = freePath(CheckpointFiles.LAST, progress.lastPath());
    save(
        trainer,
        path,
        weightsOnly,
        new Progress(
            progress.ranking(),
            progress.bestPath(),
            progress.bestScore(),
            path,
            progress.savedStep(),
            trainer.globalStep()));
  }

  private void save(Trainer trainer, Path path, Progress next) {
    save(trainer, path, options.saveWeightsOnly(), next);
  }

  /** Saves with the new progress in the checkpoint itself; if that fails nothing has happened. */
  private void save(Trainer trainer, Path path, boolean weightsOnly, Progress next) {
    Progress before = progress;
    progress = next;
    try {
      trainer.saveCheckpoint(path, weightsOnly);
    } catch (FulgurException e) {
      progress = before;
      throw e;
    }
    LOG.debug("Saved {}", path);
    trainer.afterSaveCheckpoint(this);
  }

  private Path freePath(String name, @Nullable Path replaced) {
    return CheckpointFiles.free(requireFolder(), name, replaced, options.enableVersionCounter());
  }

  private void remove(Trainer trainer, @Nullable Path old, Path written) {
    if (old != null
        && !old.equals(written)
        && !old.equals(resumedFrom)
        && old.startsWith(requireFolder())) {
      trainer.removeCheckpoint(old);
    }
  }

  private Path requireFolder() {
    Path where = folder;
    if (where == null) {
      throw new IllegalStateException("ModelCheckpoint was not set up by a trainer");
    }
    return where;
  }

  // ---------------------------------------------------------------- state

  @Override
  public String stateKey() {
    return "ModelCheckpoint{monitor=%s, mode=%s, everyNEpochs=%d}"
        .formatted(options.monitor(), options.mode(), options.everyNEpochs());
  }

  @Override
  public State state() {
    Double score = progress.bestScore();
    State.Builder state =
        State.builder()
            .put("folder", text(folder))
            .put("best_model_path", text(progress.bestPath()))
            .put("last_model_path", text(progress.lastPath()))
            .put("saved_step", progress.savedStep())
            .put("last_saved_step", progress.lastSavedStep())
            .child("best_k_models", CheckpointState.of(progress.ranking()));
    if (score != null) {
      state.put("best_model_score", score.doubleValue());
    }
    return state.build();
  }

  @Override
  public void loadState(State state) {
    Path best = path(state.stringValue("best_model_path"));
    Double score = state.has("best_model_score") ? state.doubleValue("best_model_score") : null;
    Progress none = nothingSaved();
    if (!state.stringValue("folder").equals(text(folder))) {
      LOG.info(
          "Checkpoints go to {} now, to {} before: those stay there, and the ranking starts anew",
          folder,
          state.stringValue("folder"));
      progress = new Progress(none.ranking(), best, score, null, -1, -1);
      return;
    }
    progress =
        new Progress(
            CheckpointState.restore(state.child("best_k_models"), none.ranking()),
            best,
            score,
            path(state.stringValue("last_model_path")),
            state.longValue("saved_step"),
            state.longValue("last_saved_step"));
  }

  @Override
  public void onLoadCheckpoint(Trainer trainer, FulgurModule module, Checkpoint checkpoint) {
    Path source = checkpoint.source();
    resumedFrom = source == null ? null : source.toAbsolutePath().normalize();
  }

  private static String text(@Nullable Path path) {
    return path == null ? NOTHING : path.toString();
  }

  private static @Nullable Path path(String text) {
    return text.equals(NOTHING) ? null : Path.of(text);
  }
}
