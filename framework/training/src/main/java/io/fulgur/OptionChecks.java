package io.fulgur;

import io.fulgur.callback.Callback;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.callback.ProgressDisplay;
import io.fulgur.callback.SummaryDisplay;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what a builder collected into options, or into one report of everything wrong with it. */
final class OptionChecks {
  private static final int DEFAULT_MAX_EPOCHS = 1000;

  private final TrainerBuilder asked;
  private final List<String> problems = new ArrayList<>();

  OptionChecks(TrainerBuilder asked) {
    this.asked = asked;
  }

  TrainerOptions check() {
    BatchLimit train = limit("limitTrainBatches", asked.limitTrainBatches);
    BatchLimit validation = limit("limitValBatches", asked.limitValBatches);
    BatchLimit test = limit("limitTestBatches", asked.limitTestBatches);
    BatchLimit predict = limit("limitPredictBatches", asked.limitPredictBatches);
    BatchLimit overfit = limit("overfitBatches", asked.overfitBatches);
    BatchLimit interval = limit("valCheckInterval", asked.valCheckInterval);
    checkNumbers(interval);
    checkContradictions(interval);
    checkCallbacks();
    report();

    boolean dev = asked.fastDevRun > 0;
    BatchLimit devLimit = BatchLimit.count(asked.fastDevRun);
    BatchLimit trainUsed = overfit.isZero() ? (dev ? devLimit : train) : overfit;
    BatchLimit validationUsed = overfit.isZero() ? (dev ? devLimit : validation) : overfit;
    return new TrainerOptions(
        dev ? 1 : maxEpochs(),
        dev || asked.minEpochs == null ? (!dev && asked.minSteps != null ? 1 : 0) : asked.minEpochs,
        dev ? asked.fastDevRun : asked.maxSteps,
        dev || asked.minSteps == null ? 0 : asked.minSteps,
        trainUsed,
        validationUsed,
        dev ? devLimit : test,
        dev ? devLimit : predict,
        overfit,
        asked.fastDevRun,
        dev ? BatchLimit.ALL : interval,
        !dev && asked.valCheckAcrossEpochs,
        dev ? 1 : asked.checkValEveryNEpoch,
        dev ? 0 : asked.numSanityValSteps,
        asked.logEveryNSteps,
        asked.accumulateGradBatches,
        asked.gradientClipVal,
        asked.gradientClipAlgorithm,
        asked.detectAnomaly,
        !dev && maxEpochsIsDefault(),
        expanded(asked.defaultRootDir));
  }

  private int maxEpochs() {
    Integer epochs = asked.maxEpochs;
    if (epochs != null) {
      return epochs;
    }
    if (asked.maxSteps != TrainerOptions.UNLIMITED) {
      return TrainerOptions.UNLIMITED;
    }
    return DEFAULT_MAX_EPOCHS;
  }

  private boolean maxEpochsIsDefault() {
    return asked.maxEpochs == null && asked.maxSteps == TrainerOptions.UNLIMITED;
  }

  private void checkNumbers(BatchLimit interval) {
    atLeast("maxEpochs", asked.maxEpochs, TrainerOptions.UNLIMITED, "-1 for no limit");
    atLeast("maxSteps", asked.maxSteps, TrainerOptions.UNLIMITED, "-1 for no limit");
    atLeast("minEpochs", asked.minEpochs, 0, null);
    atLeast("minSteps", asked.minSteps, 0, null);
    atLeast("fastDevRun", asked.fastDevRun, 0, "0 for a real run");
    atLeast("checkValEveryNEpoch", asked.checkValEveryNEpoch, 1, null);
    atLeast("numSanityValSteps", asked.numSanityValSteps, -1, "-1 for all batches");
    atLeast("logEveryNSteps", asked.logEveryNSteps, 0, "0 for never");
    atLeast("accumulateGradBatches", asked.accumulateGradBatches, 1, "1 for none");
    if (!(asked.gradientClipVal >= 0) || Double.isInfinite(asked.gradientClipVal)) {
      problems.add(
          "gradientClipVal is "
              + asked.gradientClipVal
              + "; it must be positive, or 0 for no bound");
    }
    if (interval.isZero() && asked.valCheckInterval.equals(0)) {
      problems.add(
          "valCheckInterval is 0 batches; it must be at least 1. Set limitValBatches to 0 to leave"
              + " out validation");
    }
  }

  private void checkContradictions(BatchLimit interval) {
    Integer max = asked.maxEpochs;
    Integer min = asked.minEpochs;
    if (max != null && min != null && max >= 0 && min > max) {
      problems.add("minEpochs is " + min + ", more than maxEpochs, which is " + max);
    }
    Long minSteps = asked.minSteps;
    if (minSteps != null && asked.maxSteps >= 0 && minSteps > asked.maxSteps) {
      problems.add("minSteps is " + minSteps + ", more than maxSteps, which is " + asked.maxSteps);
    }
    if (asked.valCheckAcrossEpochs && !interval.isCount()) {
      problems.add(
          "valCheckAcrossEpochs needs a valCheckInterval in batches, but it is the fraction "
              + asked.valCheckInterval
              + " of an epoch; give a whole number");
    }
    if (asked.valCheckAcrossEpochs && asked.checkValEveryNEpoch != 1) {
      problems.add(
          "valCheckAcrossEpochs validates without regard to epochs, but checkValEveryNEpoch is "
              + asked.checkValEveryNEpoch
              + "; set only one of them");
    }
    if (!asked.enableLogging && !asked.loggers.isEmpty()) {
      problems.add("enableLogging is false, but a logger was given; leave out one of them");
    }
  }

  private void checkCallbacks() {
    if (!asked.enableCheckpointing) {
      contradiction("enableCheckpointing", CheckpointCallback.class);
    }
    if (!asked.enableProgressBar) {
      contradiction("enableProgressBar", ProgressDisplay.class);
    }
    if (!asked.enableModelSummary) {
      contradiction("enableModelSummary", SummaryDisplay.class);
    }
    List<Callback> displays =
        asked.callbacks.stream().filter(ProgressDisplay.class::isInstance).toList();
    if (displays.size() > 1) {
      problems.add(
          displays.size()
              + " progress displays were given ("
              + String.join(", ", displays.stream().map(OptionChecks::nameOf).toList())
              + "); give one");
    }
  }

  private void contradiction(String option, Class<? extends Callback> kind) {
    for (Callback callback : asked.callbacks) {
      if (kind.isInstance(callback)) {
        problems.add(
            option
                + " is false, but the callback "
                + nameOf(callback)
                + " was given; leave out one of them");
      }
    }
  }

  private static String nameOf(Callback callback) {
    return callback.getClass().getSimpleName();
  }

  private void atLeast(String option, @Nullable Number value, long least, @Nullable String hint) {
    if (value != null && value.longValue() < least) {
      String allowed = hint == null ? "" : " (" + hint + ")";
      problems.add(option + " is " + value + "; it must be at least " + least + allowed);
    }
  }

  private BatchLimit limit(String option, Object value) {
    if (value instanceof Integer count) {
      atLeast(option, count, 0, null);
      return BatchLimit.count(count);
    }
    double fraction = (Double) value;
    if (fraction > 1 && fraction == Math.rint(fraction)) {
      problems.add(
          option
              + " is the fraction "
              + fraction
              + "; fractions go from 0 to 1. For a number of batches write "
              + (long) fraction);
    } else if (!(fraction >= 0 && fraction <= 1)) {
      problems.add(option + " is the fraction " + fraction + "; fractions go from 0 to 1");
    }
    return BatchLimit.fraction(fraction);
  }

  private void report() {
    if (problems.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder("The trainer cannot be built:");
    for (int i = 0; i < problems.size(); i++) {
      text.append("\n  ").append(i + 1).append(") ").append(problems.get(i)).append('.');
    }
    throw new FulgurException(ErrorId.INVALID_OPTIONS, text.toString());
  }

  private static Path expanded(Path path) {
    if (path.startsWith("~")) {
      Path home = Path.of(System.getProperty("user.home"));
      return path.getNameCount() == 1 ? home : home.resolve(path.subpath(1, path.getNameCount()));
    }
    return path.toAbsolutePath().normalize();
  }
}
