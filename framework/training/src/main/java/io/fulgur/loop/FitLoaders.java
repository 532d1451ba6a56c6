package io.fulgur.loop;

import io.fulgur.Trainer;
import io.fulgur.TrainerOptions;
import io.fulgur.data.DataLoader;
import io.fulgur.module.StepKind;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loaders of a fit: made when it begins, and again before every n-th epoch if wanted. */
final class FitLoaders {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  private final RunContext run;
  private final TrainerOptions options;
  private final RunState state;
  private @Nullable ValidationSchedule schedule;

  FitLoaders(RunContext run) {
    this.run = run;
    this.options = run.options();
    this.state = run.state();
  }

  /** Returns when to validate; null for never. */
  @Nullable ValidationSchedule schedule() {
    return schedule;
  }

  /** Makes the loaders, before the first epoch. */
  void load() {
    boolean validates = make();
    if (options.logEveryNSteps() > state.trainingBatches && !run.parts().loggers().isEmpty()) {
      LOG.warn(
          "An epoch has {} training batches, fewer than logEveryNSteps, which is {}: set it lower to"
              + " see values of steps for every epoch",
          state.trainingBatches,
          options.logEveryNSteps());
    }
    schedule = validates ? ValidationSchedule.of(options, state.trainingBatches) : null;
  }

  /**
   * Makes the loaders anew if that is due before an epoch. Decided by the epoch, not by when they
   * were made, so that a resumed run does it when an uninterrupted one would.
   */
  void reloadIfDue(int epoch) {
    int every = options.reloadDataloadersEveryNEpochs();
    if (every == 0 || epoch == 0 || epoch % every != 0) {
      return;
    }
    make();
    if (schedule != null) {
      schedule.adapt(state.trainingBatches);
    }
  }

  /** Returns whether there is something to validate on. */
  private boolean make() {
    boolean sequential = !options.overfitBatches().isZero();
    state.trainingBatches =
        run.loaders().train(run.sources().trainLoader(), options.limitTrainBatches(), sequential);
    boolean validates = makeValidation(sequential);
    run.loaders().drawSeeds();
    return validates;
  }

  private boolean makeValidation(boolean sequential) {
    state.validationBatches = new int[0];
    state.sanityBatches = new int[0];
    if (options.limitValBatches().isZero()) {
      return false;
    }
    List<DataLoader> loaders = run.sources().validationLoaders();
    boolean hasStep = run.bound().has(StepKind.VALIDATION);
    if (!hasStep && !loaders.isEmpty()) {
      LOG.warn(
          "There is validation data, but the module has no method with @ValidationStep: no"
              + " validation");
    }
    if (!hasStep || loaders.isEmpty()) {
      return false;
    }
    int[] batches =
        run.loaders()
            .evaluation(
                loaders, options.limitValBatches(), "limitValBatches", "validation", sequential);
    int sanity = options.numSanityValSteps() < 0 ? Loaders.UNKNOWN : options.numSanityValSteps();
    state.validationBatches = batches;
    state.sanityBatches = Arrays.stream(batches).map(count -> Math.min(count, sanity)).toArray();
    return true;
  }
}
