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
    return stepsReached()
        || (options.maxEpochs() != TrainerOptions.UNLIMITED
            && state.epochsProcessed >= options.maxEpochs())
        || (state.shouldStop && allowed());
  }

  private boolean stepsReached() {
    return options.maxSteps() != TrainerOptions.UNLIMITED && state.globalStep >= options.maxSteps();
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
