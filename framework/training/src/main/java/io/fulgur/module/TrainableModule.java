package io.fulgur.module;

import io.fulgur.GradientClipAlgorithm;
import io.fulgur.RunningStage;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.Module;
import io.fulgur.nn.TrainingModes;
import io.fulgur.nn.optimizer.GradientClipping;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.nn.schedule.ReduceLROnPlateau;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a module learns from a loss: the parts of that, which a subclass may replace, and what a
 * module that is {@linkplain io.fulgur.annotation.ManualOptimization optimized by hand} calls.
 *
 * <p>Each part that can be replaced has the usual behaviour here, so that an override changes what
 * it wants to and calls {@code super} for the rest.
 *
 * @since 0.1
 */
public abstract class TrainableModule extends Module {
  private transient @Nullable ModuleContext context;

  /** Makes a module without a trainer. */
  TrainableModule() {}

  /** Connects this module with a running trainer, or ends the connection. */
  final void attach(@Nullable ModuleContext newContext) {
    context = newContext;
  }

  /** Returns the trainer that runs this module, if any. */
  final @Nullable ModuleContext context() {
    return context;
  }

  // ---------------------------------------------------------------- parts that can be replaced

  /**
   * Runs the backward pass.
   *
   * @param loss of one element; scaled as accumulation and precision want it
   */
  protected void backward(Tensor loss) {
    loss.backward();
  }

  /**
   * Lets an optimizer step, at the end of a window of batches.
   *
   * <p>The closure runs the training step and the backward pass of the newest batch; an override
   * must run it, and may leave out the step itself, or do something before and after it.
   */
  protected void optimizerStep(Optimizer optimizer, StepClosure closure) {
    closure.computeGradients();
    closure.step();
  }

  /** Forgets the gradients of an optimizer's parameters, at the start of a window of batches. */
  protected void optimizerZeroGrad(Optimizer optimizer) {
    optimizer.zeroGrad();
  }

  /**
   * Bounds the gradients of an optimizer before it steps.
   *
   * @param gradientClipVal what the trainer was built with; 0 for no bound
   */
  protected void configureGradientClipping(
      Optimizer optimizer, double gradientClipVal, GradientClipAlgorithm algorithm) {
    if (gradientClipVal > 0) {
      clipGradients(optimizer, gradientClipVal, algorithm);
    }
  }

  /** Lets a learning-rate schedule go on. */
  protected void lrSchedulerStep(LearningRateScheduler scheduler) {
    scheduler.step();
  }

  /** Lets a schedule that follows a logged value look at it. */
  protected void lrSchedulerStep(ReduceLROnPlateau scheduler, double monitored) {
    scheduler.step(monitored);
  }

  /** Puts the module into evaluation mode, before validation, a test or a prediction. */
  protected void modelEval(RunningStage stage) {
    eval();
  }

  /**
   * Ends evaluation mode, after validation, a test or a prediction.
   *
   * @param before the modes that all parts had before it
   */
  protected void modelTrain(RunningStage stage, TrainingModes before) {
    before.restore();
  }

  /** Forgets gradients before a validation within a fit, to have their memory for it. */
  protected void validationModelZeroGrad() {
    for (Parameter parameter : parameters()) {
      parameter.zeroGrad();
    }
  }

  /**
   * Bounds the gradients of an optimizer's parameters.
   *
   * @param value the bound, positive
   */
  protected final void clipGradients(
      Optimizer optimizer, double value, GradientClipAlgorithm algorithm) {
    if (algorithm == GradientClipAlgorithm.NORM) {
      GradientClipping.byNorm(optimizer, value);
    } else {
      GradientClipping.byValue(optimizer, value);
    }
  }

  // ---------------------------------------------------------------- manual optimization

  /**
   * Returns the optimizers of a module that is optimized by hand.
   *
   * @throws FulgurException if no trainer runs this module, or it is not optimized by hand
   */
  protected final List<ManualOptimizer> manualOptimizers() {
    return manual("manualOptimizers()").optimizers();
  }

  /**
   * Returns the optimizer of a name.
   *
   * @throws FulgurException if there is none, no trainer runs this module, or it is not optimized
   *     by hand
   */
  protected final ManualOptimizer manualOptimizer(String name) {
    List<ManualOptimizer> all = manual("manualOptimizer(\"" + name + "\")").optimizers();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).name().equals(name)) {
        return all.get(i);
      }
    }
    throw OptimizerPlan.unknown(name, all.stream().map(ManualOptimizer::name).toList());
  }

  /**
   * Returns the learning-rate schedules of a module that is optimized by hand, which steps them.
   *
   * @throws FulgurException if no trainer runs this module, or it is not optimized by hand
   */
  protected final List<LearningRateScheduler> lrSchedulers() {
    return manual("lrSchedulers()").lrSchedulers();
  }

  /**
   * Runs the backward pass of a module that is optimized by hand, as the precision wants it.
   *
   * @throws FulgurException if no trainer runs this module, or it is not optimized by hand
   */
  protected final void manualBackward(Tensor loss) {
    manual("manualBackward(loss)").backward(loss);
  }

  private ManualSteps manual(String call) {
    ModuleContext running = context;
    ManualSteps steps = running == null ? null : running.manualSteps();
    if (steps == null) {
      throw new FulgurException(
          ErrorId.NOT_MANUAL,
          "%s called %s, %s. Annotate the class with @ManualOptimization, and call this in its training step while a trainer fits it."
              .formatted(
                  Signatures.name(getClass()),
                  call,
                  running == null
                      ? "but no trainer runs it"
                      : "but the trainer does not let it optimize by hand"));
    }
    return steps;
  }
}
