package io.fulgur.log;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import org.jspecify.annotations.Nullable;

/**
 * How one logged value is reduced and where it goes.
 *
 * <p>Written as a chain: {@code LogOptions.onStep().onEpoch().progressBar()}. Whatever is not said
 * keeps its default; whether a value is logged at each step, for each epoch or both defaults to
 * what suits the method that logs it (a training step: step; a validation step: epoch).
 *
 * @since 0.1
 */
public sealed interface LogOptions {
  /** Returns options with nothing said. */
  static Chain defaults() {
    return Chain.DEFAULTS;
  }

  /** Logs at each step. */
  static Chain onStep() {
    return Chain.DEFAULTS.onStep();
  }

  /** Logs at each step, or not. */
  static Chain onStep(boolean on) {
    return Chain.DEFAULTS.onStep(on);
  }

  /** Logs the reduced value of each epoch. */
  static Chain onEpoch() {
    return Chain.DEFAULTS.onEpoch();
  }

  /** Logs the reduced value of each epoch, or not. */
  static Chain onEpoch(boolean on) {
    return Chain.DEFAULTS.onEpoch(on);
  }

  /** Shows the value beside the progress bar. */
  static Chain progressBar() {
    return Chain.DEFAULTS.progressBar();
  }

  /** Reduces an epoch's values in this way; the default is the weighted mean. */
  static Chain reduce(Reduction reduction) {
    return Chain.DEFAULTS.reduce(reduction);
  }

  /** Weights the value with this batch size instead of the batch's own. */
  static Chain batchSize(int batchSize) {
    return Chain.DEFAULTS.batchSize(batchSize);
  }

  /** Sends the value to the loggers (the default), or keeps it for callbacks and the display. */
  static Chain logger(boolean on) {
    return Chain.DEFAULTS.logger(on);
  }

  /**
   * Appends {@code /dataloader_idx_N} where there are several dataloaders (the default), or not.
   */
  static Chain addDataloaderIndex(boolean on) {
    return Chain.DEFAULTS.addDataloaderIndex(on);
  }

  /** Returns whether each step is logged; {@code null} if not said. */
  @Nullable Boolean stepLevel();

  /** Returns whether each epoch is logged; {@code null} if not said. */
  @Nullable Boolean epochLevel();

  /** Returns whether the progress display shows the value. */
  boolean inProgressBar();

  /** Returns how an epoch's values become one. */
  Reduction reduction();

  /** Returns the batch size to weight with; 0 if it is to be taken from the batch. */
  int weight();

  /** Returns whether loggers receive the value; {@code null} if not said. */
  @Nullable Boolean loggerChoice();

  /** Returns whether loggers receive the value: unless it was said that they do not. */
  default boolean toLoggers() {
    return !Boolean.FALSE.equals(loggerChoice());
  }

  /** Returns whether the dataloader's number is appended to the name where there are several. */
  boolean withDataloaderIndex();

  /**
   * Options to which more can be added. Each method returns a new value.
   *
   * @param stepLevel whether each step is logged; {@code null} if not said
   * @param epochLevel whether each epoch is logged; {@code null} if not said
   * @param inProgressBar whether the progress display shows the value
   * @param reduction how an epoch's values become one
   * @param weight the batch size to weight with; 0 if it is to be taken from the batch
   * @param loggerChoice whether loggers receive the value; {@code null} if not said
   * @param withDataloaderIndex whether the dataloader's number is appended to the name
   * @since 0.1
   */
  record Chain(
      @Nullable Boolean stepLevel,
      @Nullable Boolean epochLevel,
      boolean inProgressBar,
      Reduction reduction,
      int weight,
      @Nullable Boolean loggerChoice,
      boolean withDataloaderIndex)
      implements LogOptions {
    private static final Chain DEFAULTS =
        new Chain(
            /* stepLevel= */ null,
            /* epochLevel= */ null,
            /* inProgressBar= */ false,
            Reduction.MEAN,
            /* weight= */ 0,
            /* loggerChoice= */ null,
            /* withDataloaderIndex= */ true);

    /** Logs at each step. */
    public Chain onStep() {
      return onStep(true);
    }

    /** Logs at each step, or not. */
    public Chain onStep(boolean on) {
      return new Chain(
          on, epochLevel, inProgressBar, reduction, weight, loggerChoice, withDataloaderIndex);
    }

    /** Logs the reduced value of each epoch. */
    public Chain onEpoch() {
      return onEpoch(true);
    }

    /** Logs the reduced value of each epoch, or not. */
    public Chain onEpoch(boolean on) {
      return new Chain(
          stepLevel, on, inProgressBar, reduction, weight, loggerChoice, withDataloaderIndex);
    }

    /** Shows the value beside the progress bar. */
    public Chain progressBar() {
      return new Chain(
          stepLevel, epochLevel, true, reduction, weight, loggerChoice, withDataloaderIndex);
    }

    /** Reduces an epoch's values in this way. */
    public Chain reduce(Reduction how) {
      return new Chain(
          stepLevel, epochLevel, inProgressBar, how, weight, loggerChoice, withDataloaderIndex);
    }

    /**
     * Weights the value with this batch size instead of the batch's own.
     *
     * @throws FulgurException if it is not positive
     */
    public Chain batchSize(int batchSize) {
      if (batchSize <= 0) {
        throw new FulgurException(
            ErrorId.INVALID_ARGUMENT,
            "LogOptions.batchSize is "
                + batchSize
                + ", but must be positive. Leave it out to take the batch's own size.");
      }
      return new Chain(
          stepLevel,
          epochLevel,
          inProgressBar,
          reduction,
          batchSize,
          loggerChoice,
          withDataloaderIndex);
    }

    /** Sends the value to the loggers, or keeps it for callbacks and the display. */
    public Chain logger(boolean on) {
      return new Chain(
          stepLevel, epochLevel, inProgressBar, reduction, weight, on, withDataloaderIndex);
    }

    /** Appends {@code /dataloader_idx_N} where there are several dataloaders, or not. */
    public Chain addDataloaderIndex(boolean on) {
      return new Chain(stepLevel, epochLevel, inProgressBar, reduction, weight, loggerChoice, on);
    }

    /** Returns what was said, as it is written in code. */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("LogOptions");
      say(text, "onStep", stepLevel);
      say(text, "onEpoch", epochLevel);
      if (inProgressBar) {
        text.append(".progressBar()");
      }
      if (reduction != Reduction.MEAN) {
        text.append(".reduce(").append(reduction).append(')');
      }
      if (weight > 0) {
        text.append(".batchSize(").append(weight).append(')');
      }
      say(text, "logger", loggerChoice);
      if (!withDataloaderIndex) {
        text.append(".addDataloaderIndex(false)");
      }
      return equals(DEFAULTS) ? "LogOptions.defaults()" : text.toString();
    }

    private static void say(StringBuilder text, String name, @Nullable Boolean choice) {
      if (choice != null) {
        text.append('.').append(name).append('(').append(choice).append(')');
      }
    }
  }
}
