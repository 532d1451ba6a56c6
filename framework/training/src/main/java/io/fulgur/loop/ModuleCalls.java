package io.fulgur.loop;

import io.fulgur.GradientClipAlgorithm;
import io.fulgur.RunningStage;
import io.fulgur.log.LogConnector;
import io.fulgur.log.Moment;
import io.fulgur.module.BoundModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepClosure;
import io.fulgur.nn.TrainingModes;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.nn.schedule.ReduceLROnPlateau;
import io.fulgur.profile.Actions;
import io.fulgur.profile.Profiler;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Calls the methods by which a module may replace a part of a run, each in its moment. */
final class ModuleCalls {
  private final BoundModule bound;
  private final LogConnector log;
  private final Profiler profiler;

  ModuleCalls(BoundModule bound, LogConnector log, Profiler profiler) {
    this.bound = bound;
    this.log = log;
    this.profiler = profiler;
  }

  private Profiler.@Nullable Region region(String action) {
    return profiler == Profiler.NONE ? null : profiler.region(action);
  }

  OptimizerPlan configureOptimizers() {
    Moment before = log.enter(Moment.CONFIGURE_OPTIMIZERS);
    OptimizerPlan plan = bound.configureOptimizers();
    log.enter(before);
    return plan;
  }

  void backward(Tensor loss) {
    Moment before = log.enter(Moment.BACKWARD);
    try (Profiler.Region region = region(Actions.BACKWARD)) {
      bound.backward(loss);
    }
    log.enter(before);
  }

  void optimizerStep(Optimizer optimizer, StepClosure closure) {
    Moment before = log.enter(Moment.OPTIMIZER_STEP);
    try (Profiler.Region region = region(Actions.OPTIMIZER_STEP)) {
      bound.optimizerStep(optimizer, closure);
    }
    log.enter(before);
  }

  void optimizerZeroGrad(Optimizer optimizer) {
    Moment before = log.enter(Moment.OPTIMIZER_ZERO_GRAD);
    try (Profiler.Region region = region(Actions.ZERO_GRAD)) {
      bound.optimizerZeroGrad(optimizer);
    }
    log.enter(before);
  }

  void configureGradientClipping(
      Optimizer optimizer, double value, GradientClipAlgorithm algorithm) {
    Moment before = log.enter(Moment.CONFIGURE_GRADIENT_CLIPPING);
    bound.configureGradientClipping(optimizer, value, algorithm);
    log.enter(before);
  }

  void lrSchedulerStep(LearningRateScheduler scheduler) {
    Moment before = log.enter(Moment.LR_SCHEDULER_STEP);
    bound.lrSchedulerStep(scheduler);
    log.enter(before);
  }

  void lrSchedulerStep(ReduceLROnPlateau scheduler, double monitored) {
    Moment before = log.enter(Moment.LR_SCHEDULER_STEP);
    bound.lrSchedulerStep(scheduler, monitored);
    log.enter(before);
  }

  void modelEval(RunningStage stage) {
    Moment before = log.enter(Moment.MODEL_MODE);
    bound.modelEval(stage);
    log.enter(before);
  }

  void modelTrain(RunningStage stage, TrainingModes modes) {
    Moment before = log.enter(Moment.MODEL_MODE);
    bound.modelTrain(stage, modes);
    log.enter(before);
  }

  void validationModelZeroGrad() {
    Moment before = log.enter(Moment.OPTIMIZER_ZERO_GRAD);
    bound.validationModelZeroGrad();
    log.enter(before);
  }
}
