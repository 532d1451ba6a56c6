package io.fulgur.loop;

import io.fulgur.Trainer;
import io.fulgur.TrainerOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides when training is over. */
final class StopRule {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  private final TrainerOptions options;
  private final RunState state;
  private boolean told;

  StopRule(TrainerOptions options, RunState state) {
    this.options = options;
    this.state = state;
  }

  /** Returns whether the minima allow an early stop. */
  boolean mayStopEarly() {
    return state.epochsProcessed >= options.minEpochs() && state.globalStep >= options.minSteps();
  }

  /** Returns whether the epoch ends after a batch, though there may be more. */
  boolean atBatch() {
    return stepsReached() || (state.shouldStop && allowed());
  }

  /** Returns whether no further epoch begins. */
  boolean atEpoch() {
    if (state.place == Place.WITHIN_BATCH) {
      return false; // The last batch is to be trained on in whole.
    }
    return stepsReached() || epochsReached() || (state.shouldStop && allowed());
  }

  private boolean epochsReached() {
    return options.maxEpochs() != TrainerOptions.UNLIMITED
        && state.epochsProcessed >= options.maxEpochs();
  }

  private boolean stepsReached() {
    return options.maxSteps() != TrainerOptions.UNLIMITED && state.globalStep >= options.maxSteps();
  }

  /**
   * Tells which limit has ended a fit; what has stopped one early tells so itself.
   *
   * @param trained whether there was anything left to train
   */
  void tellEnd(boolean trained) {
    if (stepsReached()) {
      tellEnd(trained, "maxSteps", options.maxSteps());
    } else if (epochsReached()) {
      tellEnd(trained, "maxEpochs", options.maxEpochs());
    }
  }

  private static void tellEnd(boolean trained, String option, long limit) {
    if (trained) {
      LOG.info("Training is over: {} is {}", option, limit);
    } else {
      LOG.warn(
          "Nothing was trained: {} is {}, which was reached before. Raise it to train on, or begin"
              + " anew with another trainer",
          option,
          limit);
    }
  }

  private boolean allowed() {
    if (mayStopEarly()) {
      return true;
    }
    if (!told) {
      told = true;
      LOG.info(
          "Asked to stop, but minEpochs is {} and minSteps is {}: training will continue",
          options.minEpochs(),
          options.minSteps());
    }
    return false;
  }
}
