package io.fulgur.loop;

import io.fulgur.RunningStage;
import io.fulgur.Trainer;
import io.fulgur.TrainerOptions;
import io.fulgur.callback.Callback;
import io.fulgur.callback.TuningCallback;
import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.log.LogConnector;
import io.fulgur.log.Moment;
import io.fulgur.module.ManualSteps;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.profile.Actions;
import io.fulgur.profile.Profiler;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A fit: the sanity check, and epochs until one of the limits is reached. */
final class FitLoop {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  private final RunContext run;
  private final TrainerOptions options;
  private final RunState state;
  private final LogConnector log;
  private final HookDispatcher hooks;
  private final StopRule stop;
  private final FitLoaders loaders;

  FitLoop(RunContext run) {
    this.run = run;
    this.options = run.options();
    this.state = run.state();
    this.log = run.log();
    this.hooks = run.hooks();
    this.stop = new StopRule(options, state);
    this.loaders = new FitLoaders(run);
  }

  /**
   * Fits.
   *
   * @param checkpoint where to go on; null to begin, or to go on where this trainer stands
   */
  void run(@Nullable RestoredCheckpoint checkpoint) {
    startAfresh();
    if (options.maxEpochsIsDefault()) {
      LOG.warn(
          "None of maxEpochs, maxSteps and maxTime was set: training ends after {} epochs. Set"
              + " maxEpochs to say so, or to {} to train without end",
          options.maxEpochs(),
          TrainerOptions.UNLIMITED);
    }
    run.parts().precision().convertModule(run.module());
    if (checkpoint == null) {
      Reproducibility.checkSeed(options.deterministic());
    } else {
      checkpoint.restoreModule();
    }
    boolean trains = !options.limitTrainBatches().isZero();
    if (trains) {
      tune(/* goesOn= */ checkpoint != null && checkpoint.restoresProgress());
    }
    Hyperparameters hyperparameters =
        options.enableAutologHparams()
            ? LoggedHyperparameters.of(run.bound().hyperparameters(), run.data().hyperparameters())
            : Hyperparameters.none();
    // Before the optimizers are made, so that a schedule can be as long as the training.
    if (trains) {
      loaders.load();
    }
    OptimizerPlan plan = hooks.calls().configureOptimizers();
    if (options.trial()) {
      plan = plan.withoutSchedulers();
    }
    state.plan = plan;
    state.validation = loaders.schedule();
    state.optimizers = plan.optimizers();
    state.schedule(plan.schedulers());
    state.monitored = Map.of();
    if (state.optimizerSteps.length != state.optimizers.size()) {
      state.optimizerSteps = new long[state.optimizers.size()];
    }
    Schedules schedules = new Schedules(run);
    Optimization chosen = OptimizerPlans.optimization(run, plan, schedules);
    state.manualSteps = chosen instanceof ManualSteps manual ? manual : null;
    Optimization optimization = WatchedOptimization.of(chosen, options);
    state.optimization = optimization;
    run.module().train();
    hooks.run(Moment.FIT_START, Callback::onFitStart);
    if (options.enableAutologHparams()) {
      log.logHyperparameters(hyperparameters);
    }
    if (checkpoint != null) {
      checkpoint.restoreProgress();
    }
    plan.optimizers().forEach(Optimizer::zeroGrad);
    boolean begun = !stop.atEpoch();
    if (trains && begun) {
      MonitoredSchedules monitored = new MonitoredSchedules(run);
      ValidationSchedule schedule = loaders.schedule();
      EvaluationLoop evaluation = new EvaluationLoop(run);
      TrainingEpochLoop epochs =
          new TrainingEpochLoop(
              run, optimization, schedules, monitored, stop, schedule, evaluation);
      boolean begins = checkpoint == null || !checkpoint.restoresProgress();
      if (schedule != null && begins && options.numSanityValSteps() != 0) {
        sanityCheck(evaluation);
      }
      train(epochs, monitored, optimization, checkpoint);
    } else if (checkpoint != null) {
      checkpoint.restoreRandom();
    }
    if (trains && !options.trial()) {
      stop.tellEnd(begun);
    }
    hooks.run(Moment.FIT_END, Callback::onFitEnd);
  }

  /** Before the loaders and the optimizers are made, which depend on what is tuned. */
  private void tune(boolean goesOn) {
    boolean tunes = options.trial() || !stop.atEpoch();
    hooks.run(
        Moment.TUNE,
        run.data(),
        (callback, trainer, module, data) -> {
          if (callback instanceof TuningCallback tuner) {
            if (goesOn) {
              tuner.setAgain(module, data);
            } else if (tunes) {
              tuner.tune(trainer, module, data);
            }
          }
        });
  }

  /** Forgets where an earlier fit was within an epoch, e.g. when it failed. */
  private void startAfresh() {
    state.shouldStop = false;
    state.times = new TrainingTimes(options.nanoClock());
    state.epoch = state.epochsProcessed;
    state.batchesInEpoch = 0;
    state.lastBatch = false;
    state.stepPending = false;
    state.place = Place.EPOCH_START;
    state.parts.begin();
    state.skipBatch = false;
    state.monitoredPending = false;
    state.epochMonitoredPending = false;
    state.optimization = null;
    state.nextAccumulateGradBatches = RunState.AS_THE_OPTION_SAYS;
    state.accumulateGradBatches = options.accumulateGradBatches();
  }

  private void train(
      TrainingEpochLoop epochs,
      MonitoredSchedules monitored,
      Optimization optimization,
      @Nullable RestoredCheckpoint checkpoint) {
    run.enter(RunningStage.TRAINING);
    hooks.run(Moment.TRAIN_START, Callback::onTrainStart);
    if (checkpoint != null) {
      checkpoint.restorePosition(optimization);
    }
    if (state.epochMonitoredPending) {
      state.epochMonitoredPending = false;
      monitored.afterEpoch(state.epoch - 1, /* trained= */ false);
    }
    // A fit has its loaders, unless it goes on from where the one before would have reloaded them.
    boolean loaded = checkpoint == null || state.place != Place.EPOCH_START;
    while (!stop.atEpoch()) {
      if (!loaded) {
        loaders.reloadIfDue(state.epoch);
      }
      loaded = false;
      try (Profiler.Region region = run.region(Actions.TRAINING_EPOCH)) {
        epoch(epochs, monitored);
      }
    }
    hooks.run(Moment.TRAIN_END, Callback::onTrainEnd);
  }

  private void sanityCheck(EvaluationLoop evaluation) {
    Loaders.withIsolatedRandom(
        () -> {
          run.enter(RunningStage.SANITY_CHECKING);
          hooks.run(Moment.SANITY_CHECK_START, Callback::onSanityCheckStart);
          try (Profiler.Region region = run.region(Actions.SANITY_CHECK)) {
            evaluation.run(RunningStage.SANITY_CHECKING);
          }
          hooks.run(Moment.SANITY_CHECK_END, Callback::onSanityCheckEnd);
          log.forgetValues();
        });
  }

  private void epoch(TrainingEpochLoop epochs, MonitoredSchedules monitored) {
    long batchesBefore = state.totalBatches;
    if (state.place == Place.EPOCH_START) {
      state.accumulateGradBatches =
          state.nextAccumulateGradBatches == RunState.AS_THE_OPTION_SAYS
              ? options.accumulateGradBatches()
              : state.nextAccumulateGradBatches;
      run.restart().beginEpoch();
      run.mark();
      hooks.run(Moment.TRAIN_EPOCH_START, Callback::onTrainEpochStart);
      run.restart().end();
      state.place = Place.BATCH;
    }
    epochs.run();
    state.epochsProcessed++;
    state.place = Place.EPOCH_START;
    log.reachEndOfTrainingEpoch();
    boolean trained = state.totalBatches > batchesBefore;
    state.epochMonitoredPending = true;
    hooks.runTrainEpochEnd(
        () -> {
          monitored.afterEpoch(state.epoch, trained);
          state.epochMonitoredPending = false;
        });
    if (!run.parts().loggers().isEmpty()) {
      state.times.logEpoch(log);
    }
    log.endTrainingEpoch(Math.max(0, state.batchesThatStepped - 1), state.epoch);
    log.save();
    state.batchesInEpoch = 0;
    state.lastBatch = false;
    state.epoch++;
    run.termination().check();
  }
}
