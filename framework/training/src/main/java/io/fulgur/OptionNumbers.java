package io.fulgur;

import java.time.Duration;
import java.util.List;

/** Checks each option's number by itself. */
final class OptionNumbers {
  static final List<TrainerOption<Number>> LIMITS =
      List.of(
          TrainerOptionTable.LIMIT_TRAIN_BATCHES,
          TrainerOptionTable.LIMIT_VAL_BATCHES,
          TrainerOptionTable.LIMIT_TEST_BATCHES,
          TrainerOptionTable.LIMIT_PREDICT_BATCHES,
          TrainerOptionTable.OVERFIT_BATCHES);

  private final OptionValues values;
  private final OptionProblems problems;

  OptionNumbers(OptionValues values, OptionProblems problems) {
    this.values = values;
    this.problems = problems;
  }

  void check() {
    for (TrainerOption<Number> limit : LIMITS) {
      check(values.described(limit), values.get(limit));
    }
    checkInterval();
    atLeast(TrainerOptionTable.MAX_EPOCHS, TrainerOptions.UNLIMITED, " (-1 for no limit)");
    atLeast(TrainerOptionTable.MAX_STEPS, TrainerOptions.UNLIMITED, " (-1 for no limit)");
    atLeast(TrainerOptionTable.MIN_EPOCHS, 0, "");
    atLeast(TrainerOptionTable.MIN_STEPS, 0, "");
    atLeast(TrainerOptionTable.FAST_DEV_RUN, 0, " (0 for a real run)");
    atLeast(TrainerOptionTable.CHECK_VAL_EVERY_N_EPOCH, 1, "");
    atLeast(TrainerOptionTable.NUM_SANITY_VAL_STEPS, -1, " (-1 for all batches)");
    atLeast(TrainerOptionTable.LOG_EVERY_N_STEPS, 0, " (0 for never)");
    atLeast(TrainerOptionTable.ACCUMULATE_GRAD_BATCHES, 1, " (1 for none)");
    atLeast(TrainerOptionTable.RELOAD_DATALOADERS_EVERY_N_EPOCHS, 0, " (0 for never)");
    double clip = values.get(TrainerOptionTable.GRADIENT_CLIP_VAL);
    if (!(clip >= 0) || Double.isInfinite(clip)) {
      problems.add(
          values.described(TrainerOptionTable.GRADIENT_CLIP_VAL)
              + " is "
              + clip
              + "; it must be positive, or 0 for no bound");
    }
    Duration time = values.find(TrainerOptionTable.MAX_TIME);
    if (time != null && time.isNegative()) {
      problems.add(
          values.described(TrainerOptionTable.MAX_TIME)
              + " is "
              + time
              + "; it must not be negative");
    }
  }

  private void atLeast(TrainerOption<? extends Number> option, long least, String hint) {
    Number value = values.find(option);
    if (value != null && value.longValue() < least) {
      problems.add(
          values.described(option) + " is " + value + "; it must be at least " + least + hint);
    }
  }

  private void checkInterval() {
    String option = values.described(TrainerOptionTable.VAL_CHECK_INTERVAL);
    Object value = values.get(TrainerOptionTable.VAL_CHECK_INTERVAL);
    if (value instanceof Duration time) {
      problems.addIf(
          time.isNegative() || time.isZero(),
          option + " is the time " + time + "; it must be positive");
      return;
    }
    if (value.equals(0)) {
      problems.add(
          option
              + " is 0 batches; it must be at least 1. Set limitValBatches to 0 to leave out"
              + " validation");
    } else {
      check(option, (Number) value);
    }
  }

  private void check(String option, Number value) {
    if (value instanceof Integer count) {
      problems.addIf(count < 0, option + " is " + count + "; it must be at least 0");
      return;
    }
    double fraction = value.doubleValue();
    if (fraction >= 0 && fraction <= 1) {
      return;
    }
    boolean whole = fraction > 1 && fraction == Math.rint(fraction);
    problems.add(
        option
            + " is the fraction "
            + fraction
            + "; fractions go from 0 to 1"
            + (whole ? ". For a number of batches write " + (long) fraction : ""));
  }
}
