package io.fulgur.loop;

import io.fulgur.RunningStage;
import io.fulgur.Trainer;
import io.fulgur.TrainerOptions;
import io.fulgur.callback.Callback;
import io.fulgur.data.DataLoader;
import io.fulgur.log.LogConnector;
import io.fulgur.log.Moment;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepKind;
import io.fulgur.nn.optimizer.Optimizer;
import java.util.Arrays;
import java.util.List;
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

  FitLoop(RunContext run) {
    this.run = run;
    this.options = run.options();
    this.state = run.state();
    this.log = run.log();
    this.hooks = run.hooks();
    this.stop = new StopRule(options, state);
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
          "Neither maxEpochs nor maxSteps was set: training ends after {} epochs. Set maxEpochs to"
              + " say so, or to {} to train without end",
          options.maxEpochs(),
          TrainerOptions.UNLIMITED);
    }
    run.parts().precision().convertModule(run.module());
    if (checkpoint != null) {
      checkpoint.restoreModule();
    }
    // Before the optimizers are made, so that a schedule can be as long as the training.
    boolean trains = !options.limitTrainBatches().isZero();
    ValidationSchedule schedule = trains ? prepareLoaders() : null;
    OptimizerPlan plan = run.bound().configureOptimizers();
    state.optimizers = plan.optimizers();
    state.monitors = MonitoredSchedules.monitors(plan);
    state.monitored = Map.of();
    state.schedulers = plan.schedulers().stream().map(OptimizerPlan.Scheduled::scheduler).toList();
    if (state.optimizerSteps.length != state.optimizers.size()) {
      state.optimizerSteps = new long[state.optimizers.size()];
    }
    run.module().train();
    hooks.run(Moment.FIT_START, Callback::onFitStart);
    log.logHyperparameters(run.bound().hyperparameters());
    if (checkpoint != null) {
      checkpoint.restoreProgress();
    }
    plan.optimizers().forEach(Optimizer::zeroGrad);
    if (trains && !stop.atEpoch()) {
      train(plan, schedule, checkpoint);
    }
    hooks.run(Moment.FIT_END, Callback::onFitEnd);
  }

  /** Forgets where an earlier fit was within an epoch, e.g. when it failed. */
  private void startAfresh() {
    state.shouldStop = false;
    state.epoch = state.epochsProcessed;
    state.batchesInEpoch = 0;
    state.lastBatch = false;
    state.stepPending = false;
    state.inBatch = false;
    state.nextAccumulateGradBatches = options.accumulateGradBatches();
    state.accumulateGradBatches = options.accumulateGradBatches();
  }

  /** Returns when to validate; null for never. */
  private @Nullable ValidationSchedule prepareLoaders() {
    boolean sequential = !options.overfitBatches().isZero();
    state.trainingBatches =
        run.loaders().train(run.data().trainLoader(), options.limitTrainBatches(), sequential);
    boolean validates = prepareValidation(sequential);
    run.loaders().drawSeeds();
    if (options.logEveryNSteps() > state.trainingBatches && !run.parts().loggers().isEmpty()) {
      LOG.warn(
          "An epoch has {} training batches, fewer than logEveryNSteps, which is {}: set it lower to"
              + " see values of steps for every epoch",
          state.trainingBatches,
          options.logEveryNSteps());
    }
    return validates ? ValidationSchedule.of(options, state.trainingBatches) : null;
  }

  private void train(
      OptimizerPlan plan,
      @Nullable ValidationSchedule schedule,
      @Nullable RestoredCheckpoint checkpoint) {
    EvaluationLoop evaluation = new EvaluationLoop(run);
    boolean begins = checkpoint == null || !checkpoint.restoresProgress();
    if (schedule != null && begins && options.numSanityValSteps() != 0) {
      sanityCheck(evaluation);
    }
    Schedules schedules = new Schedules(plan);
    Optimization optimization = new AutomaticOptimization(run, plan, schedules);
    TrainingEpochLoop epochs =
        new TrainingEpochLoop(run, optimization, schedules, stop, schedule, evaluation);
    MonitoredSchedules monitored = new MonitoredSchedules(plan, run);
    run.enter(RunningStage.TRAINING);
    hooks.run(Moment.TRAIN_START, Callback::onTrainStart);
    if (checkpoint != null) {
      checkpoint.restorePosition();
    }
    while (!stop.atEpoch()) {
      epoch(epochs, monitored);
    }
    hooks.run(Moment.TRAIN_END, Callback::onTrainEnd);
  }

  private boolean prepareValidation(boolean sequential) {
    state.validationBatches = new int[0];
    state.sanityBatches = new int[0];
    if (options.limitValBatches().isZero()) {
      return false;
    }
    List<DataLoader> loaders = run.data().validationLoaders();
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

  private void sanityCheck(EvaluationLoop evaluation) {
    Loaders.withIsolatedRandom(
        () -> {
          run.enter(RunningStage.SANITY_CHECKING);
          hooks.run(Moment.SANITY_CHECK_START, Callback::onSanityCheckStart);
          evaluation.run(RunningStage.SANITY_CHECKING);
          hooks.run(Moment.SANITY_CHECK_END, Callback::onSanityCheckEnd);
          log.forgetValues();
        });
  }

  private void epoch(TrainingEpochLoop epochs, MonitoredSchedules monitored) {
    log.startTrainingEpoch();
    long batchesBefore = state.totalBatches;
    if (state.batchesInEpoch == 0) {
      state.accumulateGradBatches = state.nextAccumulateGradBatches;
      hooks.run(Moment.TRAIN_EPOCH_START, Callback::onTrainEpochStart);
    }
    epochs.run();
    state.epochsProcessed++;
    log.reachEndOfTrainingEpoch();
    monitored.step(state.epochsProcessed, state.totalBatches > batchesBefore);
    hooks.runTrainEpochEnd();
    log.endTrainingEpoch(Math.max(0, state.batchesThatStepped - 1), state.epoch);
    log.save();
    state.batchesInEpoch = 0;
    state.lastBatch = false;
    state.epoch++;
    run.termination().check();
  }
}
