package io.fulgur;

import io.fulgur.callback.Callback;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.callback.ProgressDisplay;
import io.fulgur.callback.SummaryDisplay;
import io.fulgur.log.Logger;
import java.time.Duration;
import java.util.List;

/** Finds options, callbacks and loggers that cannot be had together. */
final class OptionContradictions {
  private final OptionValues values;
  private final List<Callback> callbacks;
  private final List<Logger> loggers;
  private final OptionProblems problems;

  OptionContradictions(
      OptionValues values,
      List<Callback> callbacks,
      List<Logger> loggers,
      OptionProblems problems) {
    this.values = values;
    this.callbacks = callbacks;
    this.loggers = loggers;
    this.problems = problems;
  }

  void check() {
    checkMinima();
    checkValidation();
    if (values.get(TrainerOptionTable.BAREBONES)) {
      checkBarebones();
      return;
    }
    problems.addIf(
        !values.get(TrainerOptionTable.ENABLE_LOGGING) && !loggers.isEmpty(),
        values.described(TrainerOptionTable.ENABLE_LOGGING)
            + " is false, but a logger was given; leave out one of them");
    checkSwitchedOff(TrainerOptionTable.ENABLE_CHECKPOINTING, CheckpointCallback.class);
    checkSwitchedOff(TrainerOptionTable.ENABLE_PROGRESS_BAR, ProgressDisplay.class);
    checkSwitchedOff(TrainerOptionTable.ENABLE_MODEL_SUMMARY, SummaryDisplay.class);
    List<Callback> displays = callbacks.stream().filter(ProgressDisplay.class::isInstance).toList();
    problems.addIf(
        displays.size() > 1,
        displays.size()
            + " progress displays were given ("
            + String.join(", ", displays.stream().map(OptionContradictions::nameOf).toList())
            + "); give one");
  }

  private void checkMinima() {
    Integer maxEpochs = values.find(TrainerOptionTable.MAX_EPOCHS);
    Integer minEpochs = values.find(TrainerOptionTable.MIN_EPOCHS);
    problems.addIf(
        maxEpochs != null && minEpochs != null && maxEpochs >= 0 && minEpochs > maxEpochs,
        "%s is %s, more than %s, which is %s"
            .formatted(
                values.described(TrainerOptionTable.MIN_EPOCHS),
                minEpochs,
                values.described(TrainerOptionTable.MAX_EPOCHS),
                maxEpochs));
    long maxSteps = values.get(TrainerOptionTable.MAX_STEPS);
    Long minSteps = values.find(TrainerOptionTable.MIN_STEPS);
    problems.addIf(
        minSteps != null && maxSteps >= 0 && minSteps > maxSteps,
        "%s is %s, more than %s, which is %s"
            .formatted(
                values.described(TrainerOptionTable.MIN_STEPS),
                minSteps,
                values.described(TrainerOptionTable.MAX_STEPS),
                maxSteps));
  }

  private void checkValidation() {
    if (!values.get(TrainerOptionTable.VAL_CHECK_ACROSS_EPOCHS)) {
      return;
    }
    String across = values.described(TrainerOptionTable.VAL_CHECK_ACROSS_EPOCHS);
    Object interval = values.get(TrainerOptionTable.VAL_CHECK_INTERVAL);
    problems.addIf(
        !(interval instanceof Integer || interval instanceof Duration),
        across
            + " needs a valCheckInterval in batches or a time, but it is the fraction "
            + interval
            + " of an epoch; give a whole number");
    int every = values.get(TrainerOptionTable.CHECK_VAL_EVERY_N_EPOCH);
    problems.addIf(
        every != 1,
        across
            + " validates without regard to epochs, but "
            + values.described(TrainerOptionTable.CHECK_VAL_EVERY_N_EPOCH)
            + " is "
            + every
            + "; set only one of them");
  }

  private void checkSwitchedOff(TrainerOption<Boolean> option, Class<? extends Callback> kind) {
    if (!values.get(option)) {
      for (Callback callback : callbacks) {
        problems.addIf(
            kind.isInstance(callback),
            values.described(option)
                + " is false, but the callback "
                + nameOf(callback)
                + " was given; leave out one of them");
      }
    }
  }

  /** What is on by default is left out silently; what was asked for is not. */
  private void checkBarebones() {
    for (TrainerOption<Boolean> option :
        List.of(
            TrainerOptionTable.ENABLE_LOGGING,
            TrainerOptionTable.ENABLE_CHECKPOINTING,
            TrainerOptionTable.ENABLE_PROGRESS_BAR,
            TrainerOptionTable.ENABLE_MODEL_SUMMARY,
            TrainerOptionTable.ENABLE_AUTOLOG_HPARAMS,
            TrainerOptionTable.DETECT_ANOMALY)) {
      forbidden(option, values.isGiven(option) && values.get(option));
    }
    for (TrainerOption<Integer> option :
        List.of(
            TrainerOptionTable.LOG_EVERY_N_STEPS,
            TrainerOptionTable.NUM_SANITY_VAL_STEPS,
            TrainerOptionTable.FAST_DEV_RUN)) {
      forbidden(option, values.isGiven(option) && values.get(option) != 0);
    }
    forbidden(TrainerOptionTable.PROFILER, values.isGiven(TrainerOptionTable.PROFILER));
    for (Callback callback : callbacks) {
      problems.addIf(
          callback instanceof CheckpointCallback
              || callback instanceof ProgressDisplay
              || callback instanceof SummaryDisplay,
          "barebones leaves out the callback " + nameOf(callback) + "; leave out one of them");
    }
    problems.addIf(
        !loggers.isEmpty(),
        "barebones leaves out loggers, but one was given; leave out one of them");
  }

  private void forbidden(TrainerOption<?> option, boolean asked) {
    problems.addIf(
        asked,
        "%s is %s, but barebones leaves that out; set only one of them"
            .formatted(values.described(option), values.find(option)));
  }

  private static String nameOf(Callback callback) {
    return callback.getClass().getSimpleName();
  }
}
