package io.fulgur;

import io.fulgur.precision.PrecisionPlugin;
import io.fulgur.profile.Profiler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every option of the trainer that has a name and a plain value: the one place that lists them. A
 * method of {@link TrainerBuilder} gives each its value; files and environment variables follow
 * from here, and so does the table in {@code docs/trainer.md}.
 */
final class TrainerOptionTable {
  private static final List<TrainerOption<?>> ROWS = new ArrayList<>();

  static final TrainerOption<Integer> MAX_EPOCHS =
      row(
          "maxEpochs",
          OptionType.INTEGER,
          null,
          "Ends training after so many epochs; -1 for never. 1000 if neither `maxSteps` nor a time"
              + " is set, else -1");
  static final TrainerOption<Integer> MIN_EPOCHS =
      row(
          "minEpochs",
          OptionType.INTEGER,
          null,
          "Lets nothing stop training before. 1 if `minSteps` is set, else 0");
  static final TrainerOption<Long> MAX_STEPS =
      row(
          "maxSteps",
          OptionType.LONG,
          (long) TrainerOptions.UNLIMITED,
          "Ends training after so many optimizer steps; -1 for never");
  static final TrainerOption<Long> MIN_STEPS =
      row("minSteps", OptionType.LONG, null, "Lets nothing stop training before; 0 unless set");
  static final TrainerOption<Duration> MAX_TIME =
      row(
          "maxTime",
          OptionType.TIME,
          null,
          "Ends training after so much time, `days:hours:minutes:seconds`; no limit unless set");
  static final TrainerOption<Number> LIMIT_TRAIN_BATCHES =
      row(
          "limitTrainBatches",
          OptionType.LIMIT,
          1.0,
          "How much of the training data an epoch uses");
  static final TrainerOption<Number> LIMIT_VAL_BATCHES =
      row("limitValBatches", OptionType.LIMIT, 1.0, "How much of each validation loader is used");
  static final TrainerOption<Number> LIMIT_TEST_BATCHES =
      row("limitTestBatches", OptionType.LIMIT, 1.0, "How much of each test loader is used");
  static final TrainerOption<Number> LIMIT_PREDICT_BATCHES =
      row(
          "limitPredictBatches",
          OptionType.LIMIT,
          1.0,
          "How much of each loader to predict is used");
  static final TrainerOption<Number> OVERFIT_BATCHES =
      row(
          "overfitBatches",
          OptionType.LIMIT,
          0,
          "Trains and validates on so little, unshuffled, to see whether a model can learn at all;"
              + " 0 for a real run");
  static final TrainerOption<Integer> FAST_DEV_RUN =
      row(
          "fastDevRun",
          OptionType.TRIAL,
          0,
          "Runs so many batches of everything once, without loggers and checkpoints; `true` for"
              + " one, 0 or `false` for a real run");
  static final TrainerOption<Object> VAL_CHECK_INTERVAL =
      row(
          "valCheckInterval",
          OptionType.INTERVAL,
          1.0,
          "Validates after so many batches, such a fraction of an epoch, or so much time");
  static final TrainerOption<Boolean> VAL_CHECK_ACROSS_EPOCHS =
      row(
          "valCheckAcrossEpochs",
          OptionType.TRUTH,
          false,
          "Goes on counting the batches of `valCheckInterval` over the end of an epoch");
  static final TrainerOption<Integer> CHECK_VAL_EVERY_N_EPOCH =
      row("checkValEveryNEpoch", OptionType.INTEGER, 1, "Validates only in every n-th epoch");
  static final TrainerOption<Integer> NUM_SANITY_VAL_STEPS =
      row(
          "numSanityValSteps",
          OptionType.INTEGER,
          2,
          "Tries so many batches of each validation loader before training; -1 for all");
  static final TrainerOption<Integer> LOG_EVERY_N_STEPS =
      row(
          "logEveryNSteps",
          OptionType.INTEGER,
          50,
          "How often step values go to the loggers; 0 for never");
  static final TrainerOption<Integer> ACCUMULATE_GRAD_BATCHES =
      row(
          "accumulateGradBatches",
          OptionType.INTEGER,
          1,
          "Sums gradients over so many batches before the optimizers step");
  static final TrainerOption<Double> GRADIENT_CLIP_VAL =
      row("gradientClipVal", OptionType.NUMBER, 0.0, "The bound of gradients; 0 for none");
  static final TrainerOption<GradientClipAlgorithm> GRADIENT_CLIP_ALGORITHM =
      row(
          "gradientClipAlgorithm",
          OptionType.oneOf(GradientClipAlgorithm.class),
          GradientClipAlgorithm.NORM,
          "`norm` scales the gradients of an optimizer together, `value` bounds each number");
  static final TrainerOption<PrecisionPlugin> PRECISION =
      row(
          "precision",
          OptionType.PRECISION,
          null,
          "`32-true`, `64-true`, `bf16-true`, `16-true`, `bf16-mixed` or `16-mixed`; `32-true`"
              + " unless a plugin brings another default");
  static final TrainerOption<Profiler> PROFILER =
      row(
          "profiler",
          OptionType.PROFILER,
          null,
          "Measures the runs: `simple` sums the time of each action, `trace` writes a trace for"
              + " Perfetto; none unless set");
  static final TrainerOption<Boolean> DETECT_ANOMALY =
      row(
          "detectAnomaly",
          OptionType.TRUTH,
          false,
          "Ends the run at the first loss that is not finite, or NaN in a gradient, and tells which"
              + " operator made it; slow");
  static final TrainerOption<Determinism> DETERMINISTIC =
      row(
          "deterministic",
          OptionType.oneOf(Determinism.class),
          Determinism.OFF,
          "`true` ends the run at an operator whose results differ from one time to the next,"
              + " `warn` only warns; each is tried twice when it is first called");
  static final TrainerOption<Boolean> INFERENCE_MODE =
      row(
          "inferenceMode",
          OptionType.TRUTH,
          true,
          "Validates, tests and predicts where no gradients can be recorded, not even by"
              + " `Autograd.enableGrad()`");
  static final TrainerOption<Integer> RELOAD_DATALOADERS_EVERY_N_EPOCHS =
      row(
          "reloadDataloadersEveryNEpochs",
          OptionType.INTEGER,
          0,
          "Asks the data module for new training and validation loaders every n-th epoch; 0 for"
              + " once");
  static final TrainerOption<Boolean> BAREBONES =
      row(
          "barebones",
          OptionType.TRUTH,
          false,
          "Nothing but training, to measure what the rest costs: no loggers, checkpoints, progress"
              + " display, summary or sanity check, and `log` does nothing");
  static final TrainerOption<Boolean> ENABLE_LOGGING =
      row("enableLogging", OptionType.TRUTH, true, "Adds the default loggers if none was given");
  static final TrainerOption<Boolean> ENABLE_CHECKPOINTING =
      row(
          "enableCheckpointing",
          OptionType.TRUTH,
          true,
          "Adds a checkpoint callback if none was given");
  static final TrainerOption<Boolean> ASYNC_CHECKPOINTS =
      row(
          "asyncCheckpoints",
          OptionType.TRUTH,
          false,
          "Writes checkpoints in the background, from a copy of all tensors");
  static final TrainerOption<Boolean> ENABLE_PROGRESS_BAR =
      row("enableProgressBar", OptionType.TRUTH, true, "Adds a progress display if none was given");
  static final TrainerOption<Boolean> ENABLE_MODEL_SUMMARY =
      row(
          "enableModelSummary",
          OptionType.TRUTH,
          true,
          "Shows a summary of the module when a fit begins");
  static final TrainerOption<Boolean> ENABLE_AUTOLOG_HPARAMS =
      row(
          "enableAutologHparams",
          OptionType.TRUTH,
          true,
          "Gives the hyperparameters of the module and of the data module to the loggers");
  static final TrainerOption<Path> DEFAULT_ROOT_DIR =
      row(
          "defaultRootDir",
          OptionType.PATH,
          Path.of(""),
          "Where files go for which no other place is given; the working directory unless set");
  static final TrainerOption<List<String>> EXCLUDED_PLUGINS =
      row(
          "excludedPlugins",
          OptionType.TEXTS,
          List.of(),
          "Names of plugins on the class path to leave out; a list, or separated by commas");

  /** All rows, in the order of the documentation. */
  static final List<TrainerOption<?>> ALL = Collections.unmodifiableList(ROWS);

  private TrainerOptionTable() {}

  /** Returns the option of a name, or null. */
  static @Nullable TrainerOption<?> find(String name) {
    return ALL.stream().filter(option -> option.name().equals(name)).findFirst().orElse(null);
  }

  private static <T> TrainerOption<T> row(
      String name, OptionType<T> type, @Nullable T otherwise, String meaning) {
    TrainerOption<T> option = new TrainerOption<>(name, type, otherwise, meaning);
    ROWS.add(option);
    return option;
  }
}
