package io.fulgur;

import io.fulgur.callback.Callback;
import io.fulgur.callback.stopping.Timer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a builder collected into options, or into one report of everything wrong with it. */
final class OptionChecks {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);
  private static final int DEFAULT_MAX_EPOCHS = 1000;

  private final List<Callback> callbacks;
  private final List<io.fulgur.log.Logger> loggers;
  private final TrainerBuilder asked;
  private final OptionValues values;
  private final OptionProblems problems;
  private final OptionNumbers numbers;

  /**
   * @param callbacks those of the builder and of files
   * @param loggers those of the builder and of files
   * @param values those of the builder, of files and of the environment
   * @param problems those found so far
   */
  OptionChecks(
      List<Callback> callbacks,
      List<io.fulgur.log.Logger> loggers,
      TrainerBuilder asked,
      OptionValues values,
      OptionProblems problems) {
    this.callbacks = callbacks;
    this.loggers = loggers;
    this.asked = asked;
    this.values = values;
    this.problems = problems;
    this.numbers = new OptionNumbers(values, problems);
  }

  TrainerOptions check() {
    BatchLimit train = numbers.limit(TrainerOptionTable.LIMIT_TRAIN_BATCHES);
    BatchLimit validation = numbers.limit(TrainerOptionTable.LIMIT_VAL_BATCHES);
    BatchLimit test = numbers.limit(TrainerOptionTable.LIMIT_TEST_BATCHES);
    BatchLimit predict = numbers.limit(TrainerOptionTable.LIMIT_PREDICT_BATCHES);
    BatchLimit overfit = numbers.limit(TrainerOptionTable.OVERFIT_BATCHES);
    BatchLimit interval = numbers.interval();
    numbers.check();
    new OptionContradictions(values, callbacks, loggers, problems).check();
    problems.throwIfAny();
    tellLimits();

    int trial = values.get(TrainerOptionTable.FAST_DEV_RUN);
    boolean dev = trial > 0;
    boolean bare = values.get(TrainerOptionTable.BAREBONES);
    BatchLimit devLimit = BatchLimit.count(trial);
    BatchLimit trainUsed = overfit.isZero() ? (dev ? devLimit : train) : overfit;
    BatchLimit validationUsed = overfit.isZero() ? (dev ? devLimit : validation) : overfit;
    Long minSteps = values.find(TrainerOptionTable.MIN_STEPS);
    return new TrainerOptions(
        dev ? 1 : maxEpochs(),
        dev ? 0 : minEpochs(),
        dev ? trial : values.get(TrainerOptionTable.MAX_STEPS),
        dev || minSteps == null ? 0 : minSteps,
        hasTimer() ? null : values.find(TrainerOptionTable.MAX_TIME),
        trainUsed,
        validationUsed,
        dev ? devLimit : test,
        dev ? devLimit : predict,
        overfit,
        trial,
        dev ? BatchLimit.ALL : interval,
        dev ? null : valCheckTime(),
        !dev && values.get(TrainerOptionTable.VAL_CHECK_ACROSS_EPOCHS),
        dev ? 1 : values.get(TrainerOptionTable.CHECK_VAL_EVERY_N_EPOCH),
        dev || bare ? 0 : values.get(TrainerOptionTable.NUM_SANITY_VAL_STEPS),
        bare ? 0 : values.get(TrainerOptionTable.LOG_EVERY_N_STEPS),
        values.get(TrainerOptionTable.ACCUMULATE_GRAD_BATCHES),
        values.get(TrainerOptionTable.GRADIENT_CLIP_VAL),
        values.get(TrainerOptionTable.GRADIENT_CLIP_ALGORITHM),
        values.get(TrainerOptionTable.DETECT_ANOMALY),
        values.get(TrainerOptionTable.DETERMINISTIC),
        values.get(TrainerOptionTable.INFERENCE_MODE),
        values.get(TrainerOptionTable.RELOAD_DATALOADERS_EVERY_N_EPOCHS),
        bare,
        !bare && values.get(TrainerOptionTable.ENABLE_AUTOLOG_HPARAMS),
        !dev && endIsUnknown(),
        /* trial= */ false,
        expanded(values.get(TrainerOptionTable.DEFAULT_ROOT_DIR)),
        asked.nanoClock);
  }

  private int maxEpochs() {
    Integer epochs = values.find(TrainerOptionTable.MAX_EPOCHS);
    if (epochs != null) {
      return epochs;
    }
    return endIsUnknown() ? DEFAULT_MAX_EPOCHS : TrainerOptions.UNLIMITED;
  }

  /** Returns whether nobody said when training ends. */
  private boolean endIsUnknown() {
    return values.find(TrainerOptionTable.MAX_EPOCHS) == null
        && values.get(TrainerOptionTable.MAX_STEPS) == TrainerOptions.UNLIMITED
        && values.find(TrainerOptionTable.MAX_TIME) == null
        && !hasTimer();
  }

  private boolean hasTimer() {
    return callbacks.stream().anyMatch(Timer.class::isInstance);
  }

  private int minEpochs() {
    Integer epochs = values.find(TrainerOptionTable.MIN_EPOCHS);
    if (epochs != null) {
      return epochs;
    }
    return values.find(TrainerOptionTable.MIN_STEPS) == null ? 0 : 1;
  }

  private @Nullable Duration valCheckTime() {
    return values.get(TrainerOptionTable.VAL_CHECK_INTERVAL) instanceof Duration time ? time : null;
  }

  /** Says how a limit was understood, for 1 and 1.0 look much alike. */
  private void tellLimits() {
    for (TrainerOption<Number> option : OptionNumbers.LIMITS) {
      if (values.isGiven(option)) {
        Number limit = values.get(option);
        LOG.info(
            "{} is {}: {} is used", values.described(option), limit, OptionNumbers.limit(limit));
      }
    }
    if (hasTimer() && values.find(TrainerOptionTable.MAX_TIME) != null) {
      LOG.info(
          "{} is ignored, for a Timer was given", values.described(TrainerOptionTable.MAX_TIME));
    }
  }

  /** Returns a folder with the home of the user in place of {@code ~}. */
  static Path expanded(Path path) {
    if (path.startsWith("~")) {
      Path home = Path.of(System.getProperty("user.home"));
      return path.getNameCount() == 1 ? home : home.resolve(path.subpath(1, path.getNameCount()));
    }
    return path.toAbsolutePath().normalize();
  }
}
