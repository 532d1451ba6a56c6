package io.fulgur.loop;

import io.fulgur.RunningStage;
import io.fulgur.Trainer;
import io.fulgur.data.Batch;
import io.fulgur.data.BatchIterator;
import io.fulgur.data.DataLoader;
import io.fulgur.data.HostBatch;
import io.fulgur.log.LogConnector;
import io.fulgur.log.Moment;
import io.fulgur.module.StepOutput;
import io.fulgur.profile.Actions;
import io.fulgur.profile.Profiler;
import io.fulgur.tensor.StepScope;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The batches of one epoch of training, and validation in between. */
final class TrainingEpochLoop {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  private final RunContext run;
  private final RunState state;
  private final LogConnector log;
  private final HookDispatcher hooks;
  private final Optimization optimization;
  private final Schedules schedules;
  private final MonitoredSchedules monitored;
  private final StopRule stop;
  private final @Nullable ValidationSchedule validation;
  private final EvaluationLoop evaluation;
  private final boolean logsTimes;
  private boolean schedulesStepped;

  /**
   * @param validation when to validate; null for never
   */
  TrainingEpochLoop(
      RunContext run,
      Optimization optimization,
      Schedules schedules,
      MonitoredSchedules monitored,
      StopRule stop,
      @Nullable ValidationSchedule validation,
      EvaluationLoop evaluation) {
    this.run = run;
    this.state = run.state();
    this.log = run.log();
    this.hooks = run.hooks();
    this.optimization = optimization;
    this.schedules = schedules;
    this.monitored = monitored;
    this.stop = stop;
    this.validation = validation;
    this.evaluation = evaluation;
    this.logsTimes = !run.parts().loggers().isEmpty() && run.options().logEveryNSteps() > 0;
  }

  /** Goes through the batches that are left of the current epoch. */
  void run() {
    schedulesStepped = false;
    state.skipEpoch = false;
    optimization.beginEpoch();
    run.restart().beginEpoch();
    if (state.monitoredPending) {
      state.monitoredPending = false;
      monitored.afterBatch(state.batchesInEpoch - 1);
    }
    boolean ended = false;
    if (state.place == Place.AFTER_BATCH) {
      state.batchIndex = state.batchesInEpoch - 1;
      state.stepPending = optimization.stepsAfter(state.batchIndex);
      afterBatch(state.batchIndex);
      ended = stop.atBatch();
    }
    if (ended || (state.lastBatch && state.batchesInEpoch > 0)) {
      return; // Restored from a checkpoint that was saved after the last batch.
    }
    state.lastBatch = false;
    batches();
    if (state.skipEpoch && !schedulesStepped) {
      schedules.afterSkip(state.epoch);
    }
    state.skipEpoch = false;
  }

  private void batches() {
    DataLoader loader = run.loaders().train();
    boolean endUnknown = loader.length().isEmpty();
    loader.epoch(state.epoch);
    try (BatchIterator batches = run.batches(loader)) {
      state.times.beginEpoch(batches);
      run.loaders().beginTraining(batches, state.epoch, state.batchesInEpoch);
      while (!state.lastBatch) {
        HostBatch host = run.next(batches);
        if (host == null) {
          break;
        }
        int index = state.batchesInEpoch;
        state.batchIndex = index;
        state.lastBatch = index + 1 >= state.trainingBatches || (endUnknown && !batches.hasNext());
        if (!batch(host, index)) {
          break;
        }
        state.times.countBatch();
        afterBatch(index);
        if (state.times.isLookDue()) {
          advise(loader);
        }
        if (stop.atBatch()) {
          break;
        }
        if (!state.lastBatch) {
          run.termination().check();
        }
      }
    } finally {
      state.times.endEpoch();
    }
    advise(loader);
  }

  /** Tells what to change if the steps wait for their data. */
  private void advise(DataLoader loader) {
    String advice = state.times.advice(loader);
    if (advice != null) {
      LOG.warn(advice);
    }
  }

  /** Trains on one batch; returns false if the epoch was ended before. */
  private boolean batch(HostBatch host, int index) {
    try (Profiler.Region region = run.region(Actions.TRAINING_BATCH);
        StepScope scope = StepScope.open(run.keys().of(RunningStage.TRAINING, host))) {
      boolean goesOn = state.place == Place.WITHIN_BATCH;
      if (!goesOn) {
        state.skipBatch = false;
        state.parts.begin();
      }
      run.restart().beginBatch();
      run.mark();
      Batch batch = run.transfer(host, 0);
      log.startBatch(batch.size(), host.hasPartsOfOtherSizes());
      if (goesOn) {
        run.restart().goOnWithinBatch();
        run.mark();
      } else {
        hooks.runBatchStart(
            Moment.TRAIN_BATCH_START,
            (callback, trainer, module, b, i, loader) ->
                callback.onTrainBatchStart(trainer, module, b, i),
            batch,
            index,
            0);
        if (state.skipEpoch) {
          run.restart().end();
          return false;
        }
      }
      StepOutput output = steps(batch, index);
      run.countBatch(index, optimization.stepsAfter(index));
      hooks.runBatchEnd(
          Moment.TRAIN_BATCH_END,
          (callback, trainer, module, out, b, i, loader) ->
              callback.onTrainBatchEnd(trainer, module, out, b, i),
          output,
          batch,
          index,
          0);
    }
    return true;
  }

  /** Does what changes parameters and learning rates. */
  private @Nullable StepOutput steps(Batch batch, int index) {
    try {
      StepOutput output = optimization.train(batch, index);
      if (state.lastBatch) {
        schedulesStepped = true;
        schedules.afterLastBatch(state.epoch);
      }
      return output;
    } catch (RuntimeException | Error e) {
      // What is saved because of it is saved after the scope of the batch has closed.
      try {
        optimization.keepOutputs();
      } catch (RuntimeException | Error another) {
        e.addSuppressed(another);
      }
      throw e;
    }
  }

  private void afterBatch(int index) {
    boolean windowEnded = optimization.stepsAfter(index);
    boolean due = log.isDue(state.batchesThatStepped) || state.shouldStop;
    if (windowEnded && due && logsTimes) {
      state.times.logSteps(log);
    }
    log.endTrainingBatch(windowEnded && due, state.batchesThatStepped, state.epoch);
    run.parts().profiler().endStep();
    if (validation != null
        && validation.isDue(
            state.epoch,
            state.batchesInEpoch,
            state.totalBatches,
            state.lastBatch,
            /* stopping= */ state.shouldStop && stop.mayStopEarly())) {
      if (windowEnded) {
        hooks.calls().validationModelZeroGrad();
      }
      state.times.pause();
      evaluation.run(RunningStage.VALIDATING);
      validation.validated();
      state.times.resume();
    }
    if (windowEnded) {
      monitored.afterBatch(index);
      state.batchesThatStepped++;
      state.stepPending = false;
    }
    state.place = Place.BATCH;
  }
}
