package io.fulgur;

import io.fulgur.callback.Callback;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.callback.TuningCallback;
import io.fulgur.checkpoint.CheckpointIO;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.log.LogConnector;
import io.fulgur.log.LogOptions;
import io.fulgur.log.Logger;
import io.fulgur.loop.RunState;
import io.fulgur.loop.Runner;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.Scheduled;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.plugin.TrainerParts;
import io.fulgur.precision.PrecisionPlugin;
import io.fulgur.profile.Profiler;
import io.fulgur.profile.StepTimes;
import io.fulgur.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trains, validates, tests and predicts with a module.
 *
 * <pre>{@code
 * Trainer trainer = Trainer.builder().maxEpochs(20).build();
 * trainer.fit(new DigitClassifier(128, 1e-3), new DigitsDataModule());
 * }</pre>
 *
 * <p>A checkpoint to start from is given as a path, or as {@code "best"} or {@code "last"}: the
 * best one of this trainer's first checkpoint callback, or the newest of the last ones of all. A
 * trainer belongs to the thread that uses it.
 *
 * <p>A run that is asked to end, because its thread is interrupted or the process gets SIGTERM or
 * Ctrl-C, throws a {@link TerminationException} after its batch, at the end of the epoch after the
 * last. A fit then saves a checkpoint to go on from, if it has a checkpoint callback, and loggers
 * finish; the process waits for that, at most 25 s.
 *
 * @since 0.1
 */
public final class Trainer {
  private final TrainerOptions options;
  private final TrainerParts parts;
  private final RunState state = RunState.initial();
  private final LogConnector log;
  private final Runner runner;

  Trainer(TrainerOptions options, TrainerParts parts) {
    this.options = options;
    this.parts = parts;
    this.log = new LogConnector(parts.loggers(), options.logEveryNSteps(), parts.profiler());
    if (options.barebones()) {
      log.silence();
    }
    this.runner = new Runner(this, parts, state, log);
  }

  /** Starts to describe a trainer. */
  public static TrainerBuilder builder() {
    return new TrainerBuilder();
  }

  // ---------------------------------------------------------------- runs

  /** Trains a module that brings its own data: one that overrides {@code trainLoader()}. */
  public void fit(FulgurModule module) {
    fit(module, DataModule.builder().build());
  }

  /** Trains a module, validating in between. */
  public void fit(FulgurModule module, DataModule data) {
    runner.fit(module, data, null);
  }

  /** Goes on training from a checkpoint: a path, {@code "best"} or {@code "last"}. */
  public void fit(FulgurModule module, DataModule data, String ckptPath) {
    fit(module, data, ResumeOptions.from(ckptPath));
  }

  /** Goes on training from a checkpoint. */
  public void fit(FulgurModule module, DataModule data, Path ckptPath) {
    fit(module, data, ResumeOptions.from(ckptPath));
  }

  /**
   * Goes on training from a checkpoint, or begins with parts of one.
   *
   * @throws io.fulgur.error.FulgurException if there is no such checkpoint, it lacks what is to be
   *     restored or does not fit, or it has been trained for more epochs than this trainer trains
   */
  public void fit(FulgurModule module, DataModule data, ResumeOptions resume) {
    runner.fit(module, data, resume);
  }

  /** Trains a module, validating in between if there are loaders for that. */
  public void fit(FulgurModule module, DataLoader train, DataLoader... validation) {
    fit(module, DataModule.of(train, validation));
  }

  /**
   * Validates a module.
   *
   * @return what it logged for each epoch, by name, for each dataloader
   */
  public List<Map<String, Double>> validate(FulgurModule module, DataModule data) {
    return runner.evaluate(RunKind.VALIDATE, module, data, null);
  }

  /** As {@link #validate(FulgurModule, DataModule)} with the weights of a checkpoint. */
  public List<Map<String, Double>> validate(FulgurModule module, DataModule data, String ckptPath) {
    return runner.evaluate(RunKind.VALIDATE, module, data, ckptPath);
  }

  /** As {@link #validate(FulgurModule, DataModule)}. */
  public List<Map<String, Double>> validate(FulgurModule module, DataLoader... loaders) {
    return validate(module, DataModule.builder().validation(loaders).build());
  }

  /**
   * Tests a module.
   *
   * @return what it logged for each epoch, by name, for each dataloader
   */
  public List<Map<String, Double>> test(FulgurModule module, DataModule data) {
    return runner.evaluate(RunKind.TEST, module, data, null);
  }

  /** As {@link #test(FulgurModule, DataModule)} with the weights of a checkpoint. */
  public List<Map<String, Double>> test(FulgurModule module, DataModule data, String ckptPath) {
    return runner.evaluate(RunKind.TEST, module, data, ckptPath);
  }

  /** As {@link #test(FulgurModule, DataModule)}. */
  public List<Map<String, Double>> test(FulgurModule module, DataLoader... loaders) {
    return test(module, DataModule.builder().test(loaders).build());
  }

  /**
   * Predicts.
   *
   * @return what the predict step returned for each batch, kept, loader after loader
   */
  public List<StepOutput> predict(FulgurModule module, DataModule data) {
    return predict(module, data, PredictOptions.defaults());
  }

  /** As {@link #predict(FulgurModule, DataModule)} with the weights of a checkpoint. */
  public List<StepOutput> predict(FulgurModule module, DataModule data, String ckptPath) {
    return predict(module, data, PredictOptions.defaults().ckptPath(ckptPath));
  }

  /**
   * Predicts as options say.
   *
   * @return as of {@link #predict(FulgurModule, DataModule)}; nothing if the predictions are not to
   *     be returned
   */
  public List<StepOutput> predict(FulgurModule module, DataModule data, PredictOptions how) {
    return runner.predict(module, data, how);
  }

  /** As {@link #predict(FulgurModule, DataModule)}. */
  public List<StepOutput> predict(FulgurModule module, DataLoader... loaders) {
    return predict(module, DataModule.builder().predict(loaders).build());
  }

  /** Asks training to stop at the end of this batch, or as soon as the minima are reached. */
  public void stop() {
    state.stop();
  }

  /**
   * Replaces the learning-rate schedules of this fit, e.g. when averaging begins. Checkpoints hold
   * the state of the new ones: a callback that does this does it again in {@code onFitStart} of a
   * run that goes on from one.
   */
  public void replaceLrSchedulers(List<Scheduled> schedules) {
    state.schedule(schedules);
  }

  /**
   * Calls the training step on each batch of an epoch without gradients, optimizer steps, hooks or
   * logging: for what layers gather in training mode, such as the statistics of batch
   * normalisations. Random numbers, metrics and counters are afterwards what they were.
   *
   * @throws io.fulgur.error.FulgurException if no fit is going on, or it does not train
   */
  public void passOverTrainingData() {
    runner.passOverTrainingData();
  }

  /**
   * Leaves out the current training batch: it is counted, but not trained on, as if the training
   * step had returned nothing; for {@code onTrainBatchStart}.
   */
  public void skipBatch() {
    state.skipBatch();
  }

  /** Ends the epoch before the current batch is trained on; for {@code onTrainBatchStart}. */
  public void skipRestOfEpoch() {
    state.skipRestOfEpoch();
  }

  /**
   * Returns over how many batches of this epoch gradients are summed before the optimizers step.
   */
  public int accumulateGradBatches() {
    return state.accumulateGradBatches();
  }

  /**
   * Sets over how many batches gradients are summed before the optimizers step: from this epoch on
   * if it has not trained on a batch yet, as in {@code onTrainEpochStart}, else from the next. A
   * new fit begins with what the trainer was built with.
   *
   * @throws io.fulgur.error.FulgurException if it is not positive, or the module steps its
   *     optimizers itself
   */
  public void accumulateGradBatches(int batches) {
    state.accumulateGradBatches(batches);
  }

  /**
   * Writes a checkpoint of everything a run needs to go on.
   *
   * @throws io.fulgur.error.FulgurException if it cannot be written
   */
  public void saveCheckpoint(Path path) {
    runner.saveCheckpoint(path, /* weightsOnly= */ false);
  }

  /** Writes a checkpoint, of the weights only if wanted. */
  public void saveCheckpoint(Path path, boolean weightsOnly) {
    runner.saveCheckpoint(path, weightsOnly);
  }

  /** Removes a checkpoint where this trainer keeps them. */
  public void removeCheckpoint(Path path) {
    parts.checkpointIO().remove(path);
  }

  /**
   * Lets memory be made for checkpoints before the first is due; for checkpoint callbacks, when
   * training starts and once more after the first step, when the optimizers have their states.
   * Worth something where checkpoints are written in the background.
   */
  public void prepareCheckpoints(boolean weightsOnly) {
    runner.prepareCheckpoints(weightsOnly);
  }

  /** Returns where checkpoints go and in which form. */
  public CheckpointIO checkpointIO() {
    return parts.checkpointIO();
  }

  /** Logs a number from a callback, as the module's own {@code log} does. */
  public void log(String name, double value) {
    log.log(name, value, LogOptions.defaults());
  }

  /** Logs a number from a callback, as the module's own {@code log} does. */
  public void log(String name, double value, LogOptions how) {
    log.log(name, value, how);
  }

  /** Logs a tensor of one element from a callback, as the module's own {@code log} does. */
  public void log(String name, Tensor value, LogOptions how) {
    log.log(name, value, how);
  }

  /** Logs several values from a callback: numbers or tensors of one element by name. */
  public void logAll(Map<String, ?> values, LogOptions how) {
    values.forEach((name, value) -> log.log(name, value, how));
  }

  // ---------------------------------------------------------------- trying things out

  /**
   * Returns a trainer for trying something out with a module within a run of this one: it trains as
   * this one does, in the same precision, but has no loggers, and no callbacks but these. The
   * module's own callbacks and its schedules have no part, and its {@code SETUP} and {@code
   * TEARDOWN} hooks are not called again.
   *
   * @param maxEpochs for how many epochs it trains
   * @param trainBatches how much of the training data is used
   * @param valBatches how much of each validation loader is used
   */
  public Trainer trial(
      int maxEpochs, BatchLimit trainBatches, BatchLimit valBatches, List<Callback> callbacks) {
    return new Trainer(
        options.forTrial(maxEpochs, trainBatches, valBatches), parts.forTrial(callbacks));
  }

  /** Returns a trainer whose fits do nothing but let a callback tune for this one. */
  public Trainer tuning(TuningCallback tuner) {
    return trial(
        /* maxEpochs= */ 0, options.limitTrainBatches(), options.limitValBatches(), List.of(tuner));
  }

  // ---------------------------------------------------------------- what a run is like

  /** Returns the options. */
  public TrainerOptions options() {
    return options;
  }

  /** Returns what is being done right now. */
  public RunningStage stage() {
    return state.stage();
  }

  /** Returns what was asked for; null between runs. */
  public @Nullable RunKind runKind() {
    return state.kind();
  }

  /** Returns whether this only tries a few batches, so that nothing is to be saved. */
  public boolean isFastDevRun() {
    return options.fastDevRun() > 0;
  }

  /** Returns whether validation batches are being tried before training. */
  public boolean isSanityChecking() {
    return state.stage() == RunningStage.SANITY_CHECKING;
  }

  /** Returns whether training will stop early. */
  public boolean shouldStop() {
    return state.shouldStop();
  }

  /** Returns whether the process was asked to end during the current or last run. */
  public boolean receivedSigterm() {
    return runner.receivedSigterm();
  }

  /**
   * Returns whether the current or last run was ended from outside: its thread was interrupted, or
   * the process was asked to end.
   */
  public boolean interrupted() {
    return state.interrupted();
  }

  /** Returns the number of completed epochs: during an epoch its index, counted from 0. */
  public int currentEpoch() {
    return state.epoch();
  }

  /** Returns the number of optimizer steps, of all optimizers together. */
  public long globalStep() {
    return state.globalStep();
  }

  /** Returns the number of steps of one optimizer. */
  public long optimizerSteps(int index) {
    return state.optimizerSteps(index);
  }

  /** Returns the number of training batches seen in all epochs. */
  public long totalBatches() {
    return state.totalBatches();
  }

  /** Returns where on the x axis a value logged now belongs. */
  public long loggingStep() {
    return state.batchesThatStepped();
  }

  /** Returns whether the loggers get step values that are logged for the current batch. */
  public boolean isLogDue() {
    return log.isDue(state.stepOfStage())
        || (state.stage() == RunningStage.TRAINING && state.shouldStop());
  }

  /** Returns the index of the current batch in its loader. */
  public int batchIndex() {
    return state.batchIndex();
  }

  /** Returns whether the current training batch is the last one of its epoch. */
  public boolean isLastBatch() {
    return state.isLastBatch();
  }

  /** Returns the number of training batches of an epoch; {@link Integer#MAX_VALUE} if unknown. */
  public int numTrainingBatches() {
    return state.trainingBatches();
  }

  /** Returns the number of batches of each loader of a stage; {@code MAX_VALUE} if unknown. */
  public int[] numBatches(RunningStage of) {
    return state.batches(of);
  }

  /**
   * Returns on how many batches of a fit optimizers step: {@code ⌈batches / accumulateGradBatches⌉
   * · maxEpochs}, and no more than {@code maxSteps} allow; infinity if there is no end.
   */
  public double estimatedSteppingBatches() {
    return state.estimatedSteps(options);
  }

  /** Returns the module of the current or last run; null before the first. */
  public @Nullable FulgurModule module() {
    return state.module();
  }

  /** Returns the optimizers of the current or last fit. */
  public List<Optimizer> optimizers() {
    return state.optimizers();
  }

  /** Returns the optimizers of the current or last fit, with their names and schedules. */
  public OptimizerPlan optimizerPlan() {
    return state.plan();
  }

  /** Returns the learning-rate schedulers of the current or last fit. */
  public List<LearningRateScheduler> lrSchedulers() {
    return state.schedulers();
  }

  /** Returns how numbers are treated. */
  public PrecisionPlugin precision() {
    return parts.precision();
  }

  /** Returns what measures the runs; {@link Profiler#NONE} unless one was asked for. */
  public Profiler profiler() {
    return parts.profiler();
  }

  /**
   * Returns how long the training batches of the current or last fit took, and how long of that was
   * spent waiting for data. Loggers get it as {@value StepTimes#STEP_MILLIS} and {@value
   * StepTimes#DATA_FRACTION} whenever step values are due, and for each epoch.
   */
  public StepTimes times() {
    return state.times();
  }

  /** Returns the callbacks in the order in which they run, those of the module included. */
  public List<Callback> callbacks() {
    return runner.callbacks();
  }

  /** Returns the first checkpoint callback; null if there is none. */
  public @Nullable CheckpointCallback checkpointCallback() {
    return runner.checkpointCallback();
  }

  /** Returns the loggers. */
  public List<Logger> loggers() {
    return parts.loggers();
  }

  /** Returns the folder of this run: the first logger's that has one, else the root folder. */
  public Path logDir() {
    Path directory = parts.logDir();
    return directory == null ? options.defaultRootDir() : directory;
  }

  /** Tells every logger that a checkpoint was written; for checkpoint callbacks. */
  public void afterSaveCheckpoint(CheckpointCallback callback) {
    log.afterSaveCheckpoint(callback);
  }

  /** Returns the newest value of everything that was logged, as a copy. */
  public Map<String, Double> callbackMetrics() {
    return log.callbackMetrics();
  }

  /** Returns the newest value of everything that was sent to loggers, as a copy. */
  public Map<String, Double> loggedMetrics() {
    return log.loggedMetrics();
  }

  /** Returns the newest value of everything that is shown beside the progress, as a copy. */
  public Map<String, Double> progressBarMetrics() {
    return log.progressBarMetrics();
  }
}
