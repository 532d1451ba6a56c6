package io.fulgur.loop;

import io.fulgur.GradientClipAlgorithm;
import io.fulgur.RunningStage;
import io.fulgur.TrainerOptions;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.BatchIterator;
import io.fulgur.data.DataLoader;
import io.fulgur.data.HostBatch;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.log.LogConnector;
import io.fulgur.log.Moment;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.GradientClipping;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import io.fulgur.precision.PrecisionPlugin;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One epoch of training: batch after batch, an optimizer step after each window of them, and
 * validation in between.
 */
final class TrainingEpochLoop {
  private final RunContext run;
  private final TrainerOptions options;
  private final RunState state;
  private final LogConnector log;
  private final HookDispatcher hooks;
  private final OptimizerPlan plan;
  private final List<Optimizer> optimizers;
  private final StopRule stop;
  private final @Nullable ValidationSchedule validation;
  private final EvaluationLoop evaluation;

  /** Whether a backward pass of the current window has left gradients. */
  private boolean gradients;

  private boolean schedulersStepped;

  /**
   * @param validation when to validate; null for never
   */
  TrainingEpochLoop(
      RunContext run,
      OptimizerPlan plan,
      StopRule stop,
      @Nullable ValidationSchedule validation,
      EvaluationLoop evaluation) {
    this.run = run;
    this.options = run.options();
    this.state = run.state();
    this.log = run.log();
    this.hooks = run.hooks();
    this.plan = plan;
    this.optimizers = plan.optimizers();
    this.stop = stop;
    this.validation = validation;
    this.evaluation = evaluation;
  }

  /** Goes through the batches that are left of the current epoch. */
  void run() {
    schedulersStepped = false;
    state.skipEpoch = false;
    if (state.lastBatch && state.batchesInEpoch > 0) {
      return; // Restored from a checkpoint that was saved after the last batch.
    }
    state.lastBatch = false;
    DataLoader loader = run.loaders().train();
    boolean endUnknown = loader.length().isEmpty();
    loader.epoch(state.epoch);
    try (BatchIterator batches = loader.iterator()) {
      while (!state.lastBatch && batches.hasNext()) {
        HostBatch host = batches.next();
        int index = state.batchesInEpoch;
        state.batchIndex = index;
        state.lastBatch = index + 1 >= state.trainingBatches || (endUnknown && !batches.hasNext());
        if (!batch(host, index)) {
          break;
        }
        afterBatch();
        if (stop.atBatch()) {
          break;
        }
      }
    }
    if (state.skipEpoch && !schedulersStepped) {
      stepSchedulers(ScheduleInterval.EPOCH);
    }
    state.skipEpoch = false;
  }

  /** Trains on one batch; returns false if the epoch was ended before. */
  private boolean batch(HostBatch host, int index) {
    state.startBatch(Generator.defaultGenerator());
    try (StepScope scope = StepScope.open(run.keys().of(RunningStage.TRAINING, host))) {
      Batch batch = run.transfer(host, 0);
      log.startBatch(batch.size());
      hooks.runBatchStart(
          Moment.TRAIN_BATCH_START,
          (callback, trainer, module, b, i, loader) ->
              callback.onTrainBatchStart(trainer, module, b, i),
          batch,
          index,
          0);
      if (state.skipEpoch) {
        state.inBatch = false;
        return false;
      }
      Moment before = log.enter(Moment.TRAINING_STEP);
      StepOutput output = trainingStep(batch, index);
      log.enter(before);
      int window = options.accumulateGradBatches();
      if (index % window == 0) {
        zeroGrad();
      }
      if (output != null) {
        backward(output, index);
      }
      if (windowEnds(index)) {
        step(index);
      }
      state.batchesInEpoch = index + 1;
      state.inBatch = false;
      state.totalBatches++;
      state.stepPending = windowEnds(index);
      if (state.lastBatch) {
        stepSchedulers(ScheduleInterval.EPOCH);
      }
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

  private @Nullable StepOutput trainingStep(Batch batch, int index) {
    try (PrecisionPlugin.Region region = run.parts().precision().forwardContext()) {
      return run.bound().trainingStep(batch, index);
    }
  }

  private boolean windowEnds(int index) {
    return state.lastBatch || (index + 1) % options.accumulateGradBatches() == 0;
  }

  private void zeroGrad() {
    gradients = false;
    for (int i = 0; i < optimizers.size(); i++) {
      hooks.run(Moment.BEFORE_ZERO_GRAD, optimizers.get(i), Callback::onBeforeZeroGrad);
      optimizers.get(i).zeroGrad();
    }
  }

  private void backward(StepOutput output, int index) {
    Tensor loss = output.get(StepOutput.LOSS);
    if (options.detectAnomaly()) {
      requireFinite(loss);
    }
    int window = windowSize(index);
    Tensor scaled = window == 1 ? loss : loss.div(window);
    hooks.run(Moment.BEFORE_BACKWARD, scaled, Callback::onBeforeBackward);
    run.parts().precision().backward(scaled);
    gradients = true;
    hooks.run(Moment.AFTER_BACKWARD, Callback::onAfterBackward);
  }

  /**
   * Returns over how many batches the gradients of this window are averaged, as far as is known.
   */
  private int windowSize(int index) {
    int window = options.accumulateGradBatches();
    int start = index - index % window;
    return Math.min(window, state.trainingBatches - start);
  }

  private void requireFinite(Tensor loss) {
    double value = loss.item();
    if (!Double.isFinite(value)) {
      throw new FulgurException(
          ErrorId.NON_FINITE_LOSS,
          "The loss is %s at epoch %d, batch %d, step %d. Logged last: %s. A learning rate that is too high, a division by 0 and the logarithm of 0 are usual causes."
              .formatted(
                  value, state.epoch, state.batchIndex, state.globalStep, log.callbackMetrics()));
    }
  }

  private void step(int index) {
    if (!gradients) {
      return;
    }
    rescalePartialWindow(index);
    boolean stepped = false;
    for (int i = 0; i < optimizers.size(); i++) {
      Optimizer optimizer = optimizers.get(i);
      run.parts().precision().beforeOptimizerStep(optimizer);
      hooks.run(Moment.BEFORE_OPTIMIZER_STEP, optimizer, Callback::onBeforeOptimizerStep);
      clip(optimizer);
      if (run.parts().precision().optimizerStep(optimizer)) {
        state.optimizerSteps[i]++;
        state.globalStep++;
        stepped = true;
      }
    }
    run.parts().precision().afterOptimizerSteps();
    if (stepped) {
      stepSchedulers(ScheduleInterval.STEP);
    }
  }

  /**
   * Where the end of the data was not known, the losses of the last window were divided by the size
   * that it was to have. Makes up for it.
   */
  private void rescalePartialWindow(int index) {
    int expected = windowSize(index);
    int size = index % options.accumulateGradBatches() + 1;
    if (size == expected) {
      return;
    }
    for (Optimizer optimizer : optimizers) {
      for (ParameterGroup group : optimizer.groups()) {
        for (Parameter parameter : group.parameters()) {
          Tensor gradient = parameter.grad();
          if (gradient != null) {
            gradient.assign(gradient.mul((double) expected / size));
          }
        }
      }
    }
  }

  private void clip(Optimizer optimizer) {
    double value = options.gradientClipVal();
    if (value > 0) {
      if (options.gradientClipAlgorithm() == GradientClipAlgorithm.NORM) {
        GradientClipping.byNorm(optimizer, value);
      } else {
        GradientClipping.byValue(optimizer, value);
      }
    }
  }

  private void stepSchedulers(ScheduleInterval interval) {
    long count = interval == ScheduleInterval.EPOCH ? state.epoch + 1 : state.optimizerSteps[0];
    if (interval == ScheduleInterval.EPOCH) {
      schedulersStepped = true;
    }
    List<OptimizerPlan.Scheduled> schedulers = plan.schedulers();
    for (int i = 0; i < schedulers.size(); i++) {
      OptimizerPlan.Scheduled scheduled = schedulers.get(i);
      if (scheduled.interval() == interval
          && scheduled.monitor().isEmpty()
          && count % scheduled.frequency() == 0) {
        scheduled.scheduler().step();
      }
    }
  }

  private void afterBatch() {
    boolean windowEnded = windowEnds(state.batchIndex);
    boolean due = log.isDue(state.batchesThatStepped) || state.shouldStop;
    log.endTrainingBatch(windowEnded && due, state.batchesThatStepped, state.epoch);
    if (validation != null
        && validation.isDue(
            state.epoch,
            state.batchesInEpoch,
            state.totalBatches,
            state.lastBatch,
            /* stopping= */ state.shouldStop && stop.mayStopEarly())) {
      if (windowEnded) {
        for (int i = 0; i < optimizers.size(); i++) {
          optimizers.get(i).zeroGrad();
        }
      }
      evaluation.run(RunningStage.VALIDATING);
    }
    if (windowEnded) {
      state.batchesThatStepped++;
      state.stepPending = false;
    }
  }
}
