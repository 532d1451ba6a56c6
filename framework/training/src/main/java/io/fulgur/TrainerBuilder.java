package io.fulgur;

import io.fulgur.callback.Callback;
import io.fulgur.log.Logger;
import io.fulgur.plugin.TrainerParts;
import io.fulgur.precision.Precision;
import io.fulgur.precision.PrecisionPlugin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a {@link Trainer} is to be like. Nothing is looked at before {@link #build()},
 * which reports every mistake at once.
 *
 * @since 0.1
 */
public final class TrainerBuilder {
  @Nullable Integer maxEpochs;
  @Nullable Integer minEpochs;
  long maxSteps = TrainerOptions.UNLIMITED;
  @Nullable Long minSteps;
  Object limitTrainBatches = 1.0;
  Object limitValBatches = 1.0;
  Object limitTestBatches = 1.0;
  Object limitPredictBatches = 1.0;
  Object overfitBatches = 0;
  int fastDevRun;
  Object valCheckInterval = 1.0;
  boolean valCheckAcrossEpochs;
  int checkValEveryNEpoch = 1;
  int numSanityValSteps = 2;
  int logEveryNSteps = 50;
  int accumulateGradBatches = 1;
  double gradientClipVal;
  GradientClipAlgorithm gradientClipAlgorithm = GradientClipAlgorithm.NORM;
  boolean detectAnomaly;
  boolean enableCheckpointing = true;
  boolean enableLogging = true;
  boolean enableProgressBar = true;
  boolean enableModelSummary = true;
  Path defaultRootDir = Path.of("");
  @Nullable PrecisionPlugin precision;
  final List<Callback> callbacks = new ArrayList<>();
  final List<Logger> loggers = new ArrayList<>();
  final Set<String> excludedPlugins = new LinkedHashSet<>();

  TrainerBuilder() {}

  /**
   * Ends training after this many epochs; {@link TrainerOptions#UNLIMITED} for never. The default
   * is 1000 if {@link #maxSteps} is not set either, else never.
   */
  public TrainerBuilder maxEpochs(int epochs) {
    maxEpochs = epochs;
    return this;
  }

  /** Lets nothing stop training before this many epochs. */
  public TrainerBuilder minEpochs(int epochs) {
    minEpochs = epochs;
    return this;
  }

  /** Ends training after this many optimizer steps; {@link TrainerOptions#UNLIMITED} for never. */
  public TrainerBuilder maxSteps(long steps) {
    maxSteps = steps;
    return this;
  }

  /** Lets nothing stop training before this many optimizer steps. */
  public TrainerBuilder minSteps(long steps) {
    minSteps = steps;
    return this;
  }

  /** Uses this many training batches an epoch; 0 trains nothing. */
  public TrainerBuilder limitTrainBatches(int batches) {
    limitTrainBatches = batches;
    return this;
  }

  /** Uses this fraction of the training batches an epoch; 1.0 uses all. */
  public TrainerBuilder limitTrainBatches(double fraction) {
    limitTrainBatches = fraction;
    return this;
  }

  /** Uses this many batches of each validation loader; 0 validates nothing. */
  public TrainerBuilder limitValBatches(int batches) {
    limitValBatches = batches;
    return this;
  }

  /** Uses this fraction of the batches of each validation loader; 1.0 uses all. */
  public TrainerBuilder limitValBatches(double fraction) {
    limitValBatches = fraction;
    return this;
  }

  /** Uses this many batches of each test loader; 0 tests nothing. */
  public TrainerBuilder limitTestBatches(int batches) {
    limitTestBatches = batches;
    return this;
  }

  /** Uses this fraction of the batches of each test loader; 1.0 uses all. */
  public TrainerBuilder limitTestBatches(double fraction) {
    limitTestBatches = fraction;
    return this;
  }

  /** Uses this many batches of each loader to predict; 0 predicts nothing. */
  public TrainerBuilder limitPredictBatches(int batches) {
    limitPredictBatches = batches;
    return this;
  }

  /** Uses this fraction of the batches of each loader to predict; 1.0 uses all. */
  public TrainerBuilder limitPredictBatches(double fraction) {
    limitPredictBatches = fraction;
    return this;
  }

  /**
   * Trains and validates on the same few batches, unshuffled: a model that cannot overfit them has
   * a mistake. Takes the place of the limits on training and validation.
   */
  public TrainerBuilder overfitBatches(int batches) {
    overfitBatches = batches;
    return this;
  }

  /** As {@link #overfitBatches(int)} with a fraction of the batches. */
  public TrainerBuilder overfitBatches(double fraction) {
    overfitBatches = fraction;
    return this;
  }

  /**
   * Runs this many batches of everything once, with no loggers and no checkpoints, to find mistakes
   * fast; 0 for a real run.
   */
  public TrainerBuilder fastDevRun(int batches) {
    fastDevRun = batches;
    return this;
  }

  /** Validates after this many training batches, counted within an epoch. */
  public TrainerBuilder valCheckInterval(int batches) {
    valCheckInterval = batches;
    return this;
  }

  /** Validates after this fraction of an epoch; 1.0, the default, at its end. */
  public TrainerBuilder valCheckInterval(double fraction) {
    valCheckInterval = fraction;
    return this;
  }

  /**
   * Goes on counting {@link #valCheckInterval(int)} over the end of an epoch, which may then be
   * longer than an epoch.
   */
  public TrainerBuilder valCheckAcrossEpochs(boolean across) {
    valCheckAcrossEpochs = across;
    return this;
  }

  /** Validates only in every n-th epoch. */
  public TrainerBuilder checkValEveryNEpoch(int epochs) {
    checkValEveryNEpoch = epochs;
    return this;
  }

  /** Tries this many validation batches before training; -1 for all, 0 for none. */
  public TrainerBuilder numSanityValSteps(int batches) {
    numSanityValSteps = batches;
    return this;
  }

  /** Sends step values to the loggers every n steps; 0 for never. */
  public TrainerBuilder logEveryNSteps(int steps) {
    logEveryNSteps = steps;
    return this;
  }

  /**
   * Sums gradients over this many batches before the optimizers step. The last window of an epoch
   * may be smaller; it is divided by its true size.
   */
  public TrainerBuilder accumulateGradBatches(int batches) {
    accumulateGradBatches = batches;
    return this;
  }

  /** Bounds gradients, as {@link #gradientClipAlgorithm} says; 0 for no bound. */
  public TrainerBuilder gradientClipVal(double value) {
    gradientClipVal = value;
    return this;
  }

  /** Says how {@link #gradientClipVal} bounds gradients. */
  public TrainerBuilder gradientClipAlgorithm(GradientClipAlgorithm algorithm) {
    gradientClipAlgorithm = algorithm;
    return this;
  }

  /** Ends the run as soon as a loss is NaN or infinite. */
  public TrainerBuilder detectAnomaly(boolean detect) {
    detectAnomaly = detect;
    return this;
  }

  /** Computes in one of the precisions that come with Fulgur; the default is that of plugins. */
  public TrainerBuilder precision(Precision value) {
    precision = value.plugin();
    return this;
  }

  /** Computes in a precision of one's own. */
  public TrainerBuilder precision(PrecisionPlugin plugin) {
    precision = plugin;
    return this;
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
    enableLogging = enable;
    return this;
  }

  /** Adds a checkpoint callback if none was given; true unless said otherwise. */
  public TrainerBuilder enableCheckpointing(boolean enable) {
    enableCheckpointing = enable;
    return this;
  }

  /** Adds a progress display if none was given; true unless said otherwise. */
  public TrainerBuilder enableProgressBar(boolean enable) {
    enableProgressBar = enable;
    return this;
  }

  /** Shows a summary of the module when a fit begins; true unless said otherwise. */
  public TrainerBuilder enableModelSummary(boolean enable) {
    enableModelSummary = enable;
    return this;
  }

  /** Puts files here for which no other place is given; the default is the working directory. */
  public TrainerBuilder defaultRootDir(Path directory) {
    defaultRootDir = directory;
    return this;
  }

  /** Leaves out a plugin that was found on the class path. */
  public TrainerBuilder excludePlugin(String name) {
    excludedPlugins.add(name);
    return this;
  }

  /**
   * Makes the trainer.
   *
   * @throws io.fulgur.error.FulgurException if anything is invalid or contradicts something else;
   *     the message lists all of it
   */
  public Trainer build() {
    TrainerOptions options = new OptionChecks(this).check();
    TrainerParts parts =
        TrainerParts.assemble(
            new TrainerParts.Wishes(
                List.copyOf(callbacks),
                List.copyOf(loggers),
                precision,
                excludedPlugins,
                enableLogging && fastDevRun == 0,
                enableCheckpointing,
                enableProgressBar,
                enableModelSummary,
                /* dropLoggers= */ fastDevRun > 0,
                defaultRootDir));
    return new Trainer(options, parts);
  }
}
