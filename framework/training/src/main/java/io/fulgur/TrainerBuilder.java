package io.fulgur;

import io.fulgur.callback.Callback;
import io.fulgur.callback.stopping.Timer;
import io.fulgur.checkpoint.AsyncCheckpointIO;
import io.fulgur.checkpoint.CheckpointIO;
import io.fulgur.log.Logger;
import io.fulgur.precision.Precision;
import io.fulgur.precision.PrecisionPlugin;
import io.fulgur.profile.Profiler;
import io.fulgur.profile.Profilers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a {@link Trainer} is to be like. Nothing is looked at before {@link #build()},
 * which reports every mistake at once.
 *
 * <p>Each option may also stand in a YAML file, see {@link #fromYaml}, and in an environment
 * variable such as {@code FULGUR_TRAINER_MAX_EPOCHS}. A call of the builder wins over files, these
 * over the environment, and that over the default.
 *
 * @since 0.1
 */
public final class TrainerBuilder {
  final OptionValues values = new OptionValues();
  @Nullable CheckpointIO checkpointIO;
  final List<Callback> callbacks = new ArrayList<>();
  final List<Logger> loggers = new ArrayList<>();
  LongSupplier nanoClock = System::nanoTime;
  @Nullable String unknownProfiler;
  Map<String, String> environment = System.getenv();

  /** The one that counts most comes first. */
  final List<Path> files = new ArrayList<>();

  TrainerBuilder() {}

  /**
   * Ends training after this many epochs; {@link TrainerOptions#UNLIMITED} for never. The default
   * is 1000 if neither {@link #maxSteps} nor a time is set, else never.
   */
  public TrainerBuilder maxEpochs(int epochs) {
    return set(TrainerOptionTable.MAX_EPOCHS, epochs);
  }

  /** Lets nothing stop training before this many epochs. */
  public TrainerBuilder minEpochs(int epochs) {
    return set(TrainerOptionTable.MIN_EPOCHS, epochs);
  }

  /** Ends training after this many optimizer steps; {@link TrainerOptions#UNLIMITED} for never. */
  public TrainerBuilder maxSteps(long steps) {
    return set(TrainerOptionTable.MAX_STEPS, steps);
  }

  /** Lets nothing stop training before this many optimizer steps. */
  public TrainerBuilder minSteps(long steps) {
    return set(TrainerOptionTable.MIN_STEPS, steps);
  }

  /**
   * Ends training after this much time, validation included: adds a {@link
   * io.fulgur.callback.stopping.Timer}, unless one was given, which then decides alone.
   */
  public TrainerBuilder maxTime(Duration time) {
    return set(TrainerOptionTable.MAX_TIME, time);
  }

  /**
   * As {@link #maxTime(Duration)} with a text {@code days:hours:minutes:seconds}, e.g. {@code
   * 00:12:00:00}.
   *
   * @throws io.fulgur.error.FulgurException if it is no such text
   */
  public TrainerBuilder maxTime(String time) {
    return maxTime(Timer.parseDuration(time));
  }

  /** Uses this many training batches an epoch; 0 trains nothing. */
  public TrainerBuilder limitTrainBatches(int batches) {
    return set(TrainerOptionTable.LIMIT_TRAIN_BATCHES, batches);
  }

  /** Uses this fraction of the training batches an epoch; 1.0 uses all. */
  public TrainerBuilder limitTrainBatches(double fraction) {
    return set(TrainerOptionTable.LIMIT_TRAIN_BATCHES, fraction);
  }

  /** Uses this many batches of each validation loader; 0 validates nothing. */
  public TrainerBuilder limitValBatches(int batches) {
    return set(TrainerOptionTable.LIMIT_VAL_BATCHES, batches);
  }

  /** Uses this fraction of the batches of each validation loader; 1.0 uses all. */
  public TrainerBuilder limitValBatches(double fraction) {
    return set(TrainerOptionTable.LIMIT_VAL_BATCHES, fraction);
  }

  /** Uses this many batches of each test loader; 0 tests nothing. */
  public TrainerBuilder limitTestBatches(int batches) {
    return set(TrainerOptionTable.LIMIT_TEST_BATCHES, batches);
  }

  /** Uses this fraction of the batches of each test loader; 1.0 uses all. */
  public TrainerBuilder limitTestBatches(double fraction) {
    return set(TrainerOptionTable.LIMIT_TEST_BATCHES, fraction);
  }

  /** Uses this many batches of each loader to predict; 0 predicts nothing. */
  public TrainerBuilder limitPredictBatches(int batches) {
    return set(TrainerOptionTable.LIMIT_PREDICT_BATCHES, batches);
  }

  /** Uses this fraction of the batches of each loader to predict; 1.0 uses all. */
  public TrainerBuilder limitPredictBatches(double fraction) {
    return set(TrainerOptionTable.LIMIT_PREDICT_BATCHES, fraction);
  }

  /**
   * Trains and validates on the same few batches, unshuffled: a model that cannot overfit them has
   * a mistake. Takes the place of the limits on training and validation.
   */
  public TrainerBuilder overfitBatches(int batches) {
    return set(TrainerOptionTable.OVERFIT_BATCHES, batches);
  }

  /** As {@link #overfitBatches(int)} with a fraction of the batches. */
  public TrainerBuilder overfitBatches(double fraction) {
    return set(TrainerOptionTable.OVERFIT_BATCHES, fraction);
  }

  /**
   * Runs this many batches of everything once, with no loggers and no checkpoints, to find mistakes
   * fast; 0 for a real run.
   */
  public TrainerBuilder fastDevRun(int batches) {
    return set(TrainerOptionTable.FAST_DEV_RUN, batches);
  }

  /** As {@link #fastDevRun(int)} with one batch of everything, or a real run. */
  public TrainerBuilder fastDevRun(boolean trial) {
    return fastDevRun(trial ? 1 : 0);
  }

  /** Validates after this many training batches, counted within an epoch. */
  public TrainerBuilder valCheckInterval(int batches) {
    return set(TrainerOptionTable.VAL_CHECK_INTERVAL, batches);
  }

  /** Validates after this fraction of an epoch; 1.0, the default, at its end. */
  public TrainerBuilder valCheckInterval(double fraction) {
    return set(TrainerOptionTable.VAL_CHECK_INTERVAL, fraction);
  }

  /** Validates after the batch at which this much time has passed since the last validation. */
  public TrainerBuilder valCheckInterval(Duration time) {
    return set(TrainerOptionTable.VAL_CHECK_INTERVAL, time);
  }

  /**
   * As {@link #valCheckInterval(Duration)} with a text {@code days:hours:minutes:seconds}.
   *
   * @throws io.fulgur.error.FulgurException if it is no such text
   */
  public TrainerBuilder valCheckInterval(String time) {
    return valCheckInterval(Timer.parseDuration(time));
  }

  /**
   * Goes on counting {@link #valCheckInterval(int)} over the end of an epoch, which may then be
   * longer than an epoch.
   */
  public TrainerBuilder valCheckAcrossEpochs(boolean across) {
    return set(TrainerOptionTable.VAL_CHECK_ACROSS_EPOCHS, across);
  }

  /** Validates only in every n-th epoch. */
  public TrainerBuilder checkValEveryNEpoch(int epochs) {
    return set(TrainerOptionTable.CHECK_VAL_EVERY_N_EPOCH, epochs);
  }

  /** Tries this many validation batches before training; -1 for all, 0 for none. */
  public TrainerBuilder numSanityValSteps(int batches) {
    return set(TrainerOptionTable.NUM_SANITY_VAL_STEPS, batches);
  }

  /** Sends step values to the loggers every n steps; 0 for never. */
  public TrainerBuilder logEveryNSteps(int steps) {
    return set(TrainerOptionTable.LOG_EVERY_N_STEPS, steps);
  }

  /**
   * Sums gradients over this many batches before the optimizers step. The last window of an epoch
   * may be smaller; it is divided by its true size.
   */
  public TrainerBuilder accumulateGradBatches(int batches) {
    return set(TrainerOptionTable.ACCUMULATE_GRAD_BATCHES, batches);
  }

  /** Bounds gradients, as {@link #gradientClipAlgorithm} says; 0 for no bound. */
  public TrainerBuilder gradientClipVal(double value) {
    return set(TrainerOptionTable.GRADIENT_CLIP_VAL, value);
  }

  /** Says how {@link #gradientClipVal} bounds gradients. */
  public TrainerBuilder gradientClipAlgorithm(GradientClipAlgorithm algorithm) {
    return set(TrainerOptionTable.GRADIENT_CLIP_ALGORITHM, algorithm);
  }

  /**
   * Ends the run as soon as a loss is NaN or infinite, or the backward pass of an operator makes
   * NaN, and tells which operator did it, called where. See {@link
   * io.fulgur.tensor.AnomalyDetection}; slow, to find a mistake.
   */
  public TrainerBuilder detectAnomaly(boolean detect) {
    return set(TrainerOptionTable.DETECT_ANOMALY, detect);
  }

  /**
   * Says whether evaluation and prediction run in {@link
   * io.fulgur.tensor.Autograd#inferenceMode()}, the default: gradients cannot be recorded there, so
   * {@code Autograd.enableGrad()} is an error. Switched off, they run in {@link
   * io.fulgur.tensor.Autograd#noGrad()}, within which a step may record gradients again. Validation
   * within a fit always runs in the latter. The numbers and the speed are the same.
   */
  public TrainerBuilder inferenceMode(boolean inference) {
    return set(TrainerOptionTable.INFERENCE_MODE, inference);
  }

  /**
   * Asks the data module for new training and validation loaders before every n-th epoch, counted
   * from 0; 0, the default, for once a fit.
   */
  public TrainerBuilder reloadDataloadersEveryNEpochs(int epochs) {
    return set(TrainerOptionTable.RELOAD_DATALOADERS_EVERY_N_EPOCHS, epochs);
  }

  /**
   * Leaves out everything but training, to measure what it costs: no loggers, checkpoints, progress
   * display, summary or sanity check; {@code log} warns once and does nothing. Asking for any of
   * these as well is an error.
   */
  public TrainerBuilder barebones(boolean bare) {
    return set(TrainerOptionTable.BAREBONES, bare);
  }

  /** Makes sure, or not, that a repeated run gives the same numbers; {@link Determinism#OFF}. */
  public TrainerBuilder deterministic(Determinism wanted) {
    return set(TrainerOptionTable.DETERMINISTIC, wanted);
  }

  /** As {@link #deterministic(Determinism)} with {@link Determinism#STRICT}, or off. */
  public TrainerBuilder deterministic(boolean strict) {
    return deterministic(strict ? Determinism.STRICT : Determinism.OFF);
  }

  public TrainerBuilder precision(Precision value) {
    return set(TrainerOptionTable.PRECISION, value.plugin());
  }

  /**
   * As {@link #precision(Precision)} with a name that {@link Precision#parse} reads, e.g. {@code
   * bf16-mixed}.
   *
   * @throws io.fulgur.error.FulgurException if there is no such precision
   */
  public TrainerBuilder precision(String name) {
    return precision(Precision.parse(name));
  }

  /** Computes in a precision of one's own. */
  public TrainerBuilder precision(PrecisionPlugin plugin) {
    return set(TrainerOptionTable.PRECISION, plugin);
  }

  /**
   * Measures the runs: {@code "simple"} sums the time of each action, {@code "trace"} writes a
   * trace for Perfetto. Takes the place of a profiler that was given.
   *
   * @see io.fulgur.profile.SimpleProfiler
   * @see io.fulgur.profile.ChromeTraceProfiler
   */
  public TrainerBuilder profiler(String name) {
    Profiler known = Profilers.named(name);
    unknownProfiler = known == null ? name : null;
    return known == null ? this : set(TrainerOptionTable.PROFILER, known);
  }

  /** Measures the runs with a profiler of one's own. */
  public TrainerBuilder profiler(Profiler by) {
    unknownProfiler = null;
    return set(TrainerOptionTable.PROFILER, by);
  }

  /** Adds a callback. */
  public TrainerBuilder callback(Callback callback) {
    callbacks.add(callback);
    return this;
  }

  /** Adds callbacks. */
  public TrainerBuilder callbacks(Callback... more) {
    callbacks.addAll(List.of(more));
    return this;
  }

  /** Adds a logger; the first one decides where checkpoints go. */
  public TrainerBuilder logger(Logger logger) {
    loggers.add(logger);
    return this;
  }

  /** Adds loggers. */
  public TrainerBuilder loggers(Logger... more) {
    loggers.addAll(List.of(more));
    return this;
  }

  /** Adds the default loggers if none was given; true unless said otherwise. */
  public TrainerBuilder enableLogging(boolean enable) {
    return set(TrainerOptionTable.ENABLE_LOGGING, enable);
  }

  /** Adds a checkpoint callback if none was given; true unless said otherwise. */
  public TrainerBuilder enableCheckpointing(boolean enable) {
    return set(TrainerOptionTable.ENABLE_CHECKPOINTING, enable);
  }

  /** Adds a progress display if none was given; true unless said otherwise. */
  public TrainerBuilder enableProgressBar(boolean enable) {
    return set(TrainerOptionTable.ENABLE_PROGRESS_BAR, enable);
  }

  /** Shows a summary of the module when a fit begins; true unless said otherwise. */
  public TrainerBuilder enableModelSummary(boolean enable) {
    return set(TrainerOptionTable.ENABLE_MODEL_SUMMARY, enable);
  }

  /**
   * Gives the hyperparameters of the module and of the data module to the loggers when a fit
   * begins; true unless said otherwise.
   */
  public TrainerBuilder enableAutologHparams(boolean enable) {
    return set(TrainerOptionTable.ENABLE_AUTOLOG_HPARAMS, enable);
  }

  /** Keeps checkpoints by an IO of one's own; the default is that of plugins. */
  public TrainerBuilder checkpointIO(CheckpointIO io) {
    checkpointIO = io;
    return this;
  }

  /**
   * Writes checkpoints in the background from a copy of all tensors, so that training waits for the
   * copy only; false unless said otherwise. See {@link AsyncCheckpointIO}.
   */
  public TrainerBuilder asyncCheckpoints(boolean async) {
    return set(TrainerOptionTable.ASYNC_CHECKPOINTS, async);
  }

  /** Puts files here for which no other place is given; the default is the working directory. */
  public TrainerBuilder defaultRootDir(Path directory) {
    return set(TrainerOptionTable.DEFAULT_ROOT_DIR, directory);
  }

  /** Leaves out a plugin that was found on the class path. */
  public TrainerBuilder excludePlugin(String name) {
    List<String> names = new ArrayList<>(values.get(TrainerOptionTable.EXCLUDED_PLUGINS));
    names.add(name);
    return set(TrainerOptionTable.EXCLUDED_PLUGINS, names);
  }

  /**
   * Takes the options of a YAML file: one {@code name: value} a line, named as the methods of this
   * builder. Under {@code callbacks} and {@code loggers} it may list such, which come after those
   * of the builder:
   *
   * <pre>{@code
   * callbacks:
   *   - LearningRateMonitor
   *   - EarlyStopping: {monitor: val_loss, patience: 5}
   * loggers:
   *   - TensorBoardLogger: {saveDir: runs, name: digits}
   *   - CsvLogger: {saveDir: runs, name: digits}
   * }</pre>
   *
   * <p>Of several files the last one counts.
   */
  public TrainerBuilder fromYaml(Path file) {
    files.add(0, file);
    return this;
  }

  /** Reads these environment variables instead of the process's own; an empty map for none. */
  public TrainerBuilder environment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
    return this;
  }

  /** Measures time with this instead of {@link System#nanoTime()}, for tests. */
  public TrainerBuilder nanoClock(LongSupplier clock) {
    nanoClock = clock;
    return this;
  }

  private <T> TrainerBuilder set(TrainerOption<T> option, T value) {
    values.set(option, value);
    return this;
  }

  /**
   * Makes the trainer.
   *
   * @throws io.fulgur.error.FulgurException if anything is invalid or contradicts something else;
   *     the message lists all of it
   */
  public Trainer build() {
    return new TrainerAssembly(this).build();
  }
}
