package io.fulgur;

import io.fulgur.callback.Callback;
import io.fulgur.callback.stopping.Timer;
import java.nio.file.Path;
import java.util.List;
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
  }

  TrainerOptions check() {
    new OptionNumbers(values, problems).check();
    new OptionContradictions(values, callbacks, loggers, problems).check();
    problems.throwIfAny();
    tellLimits();
    boolean guessed = endIsUnknown() && values.get(TrainerOptionTable.FAST_DEV_RUN) == 0;
    return new TrainerOptions(settled(), guessed, asked.nanoClock);
  }

  /** Returns the values with the defaults that follow from others, and with what some overrule. */
  private OptionValues settled() {
    OptionValues settled = values.copy();
    settled.set(TrainerOptionTable.MAX_EPOCHS, maxEpochs());
    settled.set(TrainerOptionTable.MIN_EPOCHS, minEpochs());
    Long minSteps = values.find(TrainerOptionTable.MIN_STEPS);
    settled.set(TrainerOptionTable.MIN_STEPS, minSteps == null ? 0 : minSteps);
    if (hasTimer()) {
      settled.unset(TrainerOptionTable.MAX_TIME);
    }
    Path rootDir = values.get(TrainerOptionTable.DEFAULT_ROOT_DIR);
    settled.set(TrainerOptionTable.DEFAULT_ROOT_DIR, expanded(rootDir));
    int batches = values.get(TrainerOptionTable.FAST_DEV_RUN);
    if (batches > 0) {
      tryOnly(batches, settled);
    }
    Number overfit = values.get(TrainerOptionTable.OVERFIT_BATCHES);
    if (!BatchLimit.of(overfit).isZero()) {
      settled.set(TrainerOptionTable.LIMIT_TRAIN_BATCHES, overfit);
      settled.set(TrainerOptionTable.LIMIT_VAL_BATCHES, overfit);
    }
    if (values.get(TrainerOptionTable.BAREBONES)) {
      settled.set(TrainerOptionTable.NUM_SANITY_VAL_STEPS, 0);
      settled.set(TrainerOptionTable.LOG_EVERY_N_STEPS, 0);
      settled.set(TrainerOptionTable.ENABLE_AUTOLOG_HPARAMS, false);
    }
    return settled;
  }

  /** Lets {@code fastDevRun} decide. */
  private static void tryOnly(int batches, OptionValues settled) {
    settled.set(TrainerOptionTable.MAX_EPOCHS, 1);
    settled.set(TrainerOptionTable.MIN_EPOCHS, 0);
    settled.set(TrainerOptionTable.MAX_STEPS, (long) batches);
    settled.set(TrainerOptionTable.MIN_STEPS, 0L);
    settled.set(TrainerOptionTable.LIMIT_TRAIN_BATCHES, batches);
    settled.set(TrainerOptionTable.LIMIT_VAL_BATCHES, batches);
    settled.set(TrainerOptionTable.LIMIT_TEST_BATCHES, batches);
    settled.set(TrainerOptionTable.LIMIT_PREDICT_BATCHES, batches);
    settled.unset(TrainerOptionTable.VAL_CHECK_INTERVAL);
    settled.unset(TrainerOptionTable.VAL_CHECK_ACROSS_EPOCHS);
    settled.unset(TrainerOptionTable.CHECK_VAL_EVERY_N_EPOCH);
    settled.set(TrainerOptionTable.NUM_SANITY_VAL_STEPS, 0);
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

  /** Says how a limit was understood, for 1 and 1.0 look much alike. */
  private void tellLimits() {
    for (TrainerOption<Number> option : OptionNumbers.LIMITS) {
      if (values.isGiven(option)) {
        Number limit = values.get(option);
        LOG.info("{} is {}: {} is used", values.described(option), limit, BatchLimit.of(limit));
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
