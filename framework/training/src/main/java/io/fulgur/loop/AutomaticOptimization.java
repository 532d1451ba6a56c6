package io.fulgur.loop;

import io.fulgur.GradientClipAlgorithm;
import io.fulgur.TrainerOptions;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.log.LogConnector;
import io.fulgur.log.Moment;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.GradientClipping;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.precision.PrecisionPlugin;
import io.fulgur.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The trainer runs the backward pass and lets the optimizers step, after each window of batches.
 */
final class AutomaticOptimization implements Optimization {
  private final RunContext run;
  private final TrainerOptions options;
  private final RunState state;
  private final LogConnector log;
  private final HookDispatcher hooks;
  private final PrecisionPlugin precision;
  private final List<Optimizer> optimizers;
  private final Schedules schedules;
  private final AccumulationWindow gathered = new AccumulationWindow();
  private int window = 1;

  AutomaticOptimization(RunContext run, OptimizerPlan plan, Schedules schedules) {
    this.run = run;
    this.options = run.options();
    this.state = run.state();
    this.log = run.log();
    this.hooks = run.hooks();
    this.precision = run.parts().precision();
    this.optimizers = plan.optimizers();
    this.schedules = schedules;
  }

  @Override
  public void beginEpoch() {
    window = state.accumulateGradBatches;
  }

  @Override
  public @Nullable StepOutput train(Batch batch, int index) {
    Moment before = log.enter(Moment.TRAINING_STEP);
    StepOutput output = trainingStep(batch, index);
    log.enter(before);
    if (index % window == 0) {
      beginWindow();
    }
    if (output != null) {
      backward(output.get(StepOutput.LOSS), index);
    }
    if (stepsAfter(index) && !gathered.isEmpty()) {
      step(index);
    }
    return output;
  }

  private @Nullable StepOutput trainingStep(Batch batch, int index) {
    if (state.skipBatch) {
      return null;
    }
    try (PrecisionPlugin.Region region = precision.forwardContext()) {
      return run.bound().trainingStep(batch, index);
    }
  }

  @Override
  public boolean stepsAfter(int index) {
    return state.lastBatch || (index + 1) % window == 0;
  }

  private void beginWindow() {
    gathered.begin();
    for (int i = 0; i < optimizers.size(); i++) {
      hooks.run(Moment.BEFORE_ZERO_GRAD, optimizers.get(i), Callback::onBeforeZeroGrad);
      optimizers.get(i).zeroGrad();
    }
  }

  @Override
  public void zeroGrad() {
    for (int i = 0; i < optimizers.size(); i++) {
      optimizers.get(i).zeroGrad();
    }
  }

  private void backward(Tensor loss, int index) {
    if (options.detectAnomaly()) {
      requireFinite(loss);
    }
    int start = index - index % window;
    int expected = Math.min(window, state.trainingBatches - start);
    Tensor scaled = gathered.add(loss, /* weight= */ 1, expected);
    hooks.run(Moment.BEFORE_BACKWARD, scaled, Callback::onBeforeBackward);
    precision.backward(scaled);
    hooks.run(Moment.AFTER_BACKWARD, Callback::onAfterBackward);
  }

  private void requireFinite(Tensor loss) {
    double value = loss.item();
    if (!Double.isFinite(value)) {
      throw new FulgurException(
          ErrorId.NON_FINITE_LOSS,
          "The loss is %s at epoch %d, batch %d, step %d. %sLogged last: %s. A learning rate that is too high, a division by 0 and the logarithm of 0 are usual causes."
              .formatted(
                  value,
                  state.epoch,
                  state.batchIndex,
                  state.globalStep,
                  WatchedOptimization.origin(value),
                  log.callbackMetrics()));
    }
  }

  private void step(int index) {
    boolean stepped = false;
    for (int i = 0; i < optimizers.size(); i++) {
      Optimizer optimizer = optimizers.get(i);
      gathered.complete(optimizer);
      precision.beforeOptimizerStep(optimizer);
      hooks.run(Moment.BEFORE_OPTIMIZER_STEP, optimizer, Callback::onBeforeOptimizerStep);
      clip(optimizer);
      if (precision.optimizerStep(optimizer)) {
        state.optimizerSteps[i]++;
        state.globalStep++;
        stepped = true;
      }
    }
    precision.afterOptimizerSteps();
    if (stepped) {
      schedules.afterStep(index);
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
}
