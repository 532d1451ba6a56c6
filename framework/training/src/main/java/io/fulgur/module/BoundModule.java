package io.fulgur.module;

import io.fulgur.GradientClipAlgorithm;
import io.fulgur.RunKind;
import io.fulgur.RunningStage;
import io.fulgur.annotation.Hook;
import io.fulgur.data.Batch;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.nn.TrainingModes;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.nn.schedule.ReduceLROnPlateau;
import io.fulgur.profile.Profiler;
import io.fulgur.tensor.Tensor;
import io.fulgur.weave.HyperparameterCapture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A module whose annotated methods can be called, each through code generated for it.
 *
 * <p>What user code throws comes out as it is, checked exceptions included. Hooks without a method
 * cost one look into an array.
 *
 * @since 0.1
 */
public final class BoundModule {
  private static final Logger LOG = LoggerFactory.getLogger(BoundModule.class);
  private static final Invoker[] NONE = {};

  private final FulgurModule module;
  private final List<BoundTrainingStep> training;
  private final Map<StepKind, BoundMethod> steps;
  private final @Nullable BoundMethod optimizers;
  private final Map<Hook, Invoker[]> hooks = new EnumMap<>(Hook.class);
  private @Nullable Hyperparameters hyperparameters;
  private @Nullable ModuleContext before;
  private Profiler profiler = Profiler.NONE;

  BoundModule(
      FulgurModule module,
      List<BoundTrainingStep> training,
      Map<StepKind, BoundMethod> steps,
      @Nullable BoundMethod optimizers,
      Map<Hook, List<BoundMethod>> hooks) {
    this.module = module;
    this.training = List.copyOf(training);
    this.optimizers = optimizers;
    this.steps = steps;
    hooks.forEach(
        (hook, methods) ->
            this.hooks.put(
                hook, methods.stream().map(BoundMethod::invoker).toArray(Invoker[]::new)));
  }

  /** Returns the module. */
  public FulgurModule module() {
    return module;
  }

  /**
   * Connects the module with a running trainer.
   *
   * @return whether it was connected already: this is a run within another one
   */
  public boolean attach(ModuleContext context) {
    before = module.context();
    module.attach(context);
    return before != null;
  }

  /** Measures each call of a step or a hook from now on. */
  public void profile(Profiler by) {
    profiler = by;
    training.forEach(step -> step.profile(by));
  }

  /** Starts an action for the profiler; returns null without one. */
  private Profiler.@Nullable Region region(Enum<?> method) {
    return profiler == Profiler.NONE ? null : profiler.region(ModuleActions.name(method));
  }

  /** Ends the connection with the trainer; that of a run which this one was a part of goes on. */
  public void detach() {
    module.attach(before);
    before = null;
  }

  /**
   * Returns what the module was constructed with, for loggers and checkpoints; warns once and
   * returns none if that was to be recorded and could not be.
   *
   * <p>A missing record must not keep a run from starting; {@link FulgurModule#hparams()}, which a
   * user calls for the values, throws.
   */
  public Hyperparameters hyperparameters() {
    Hyperparameters known = hyperparameters;
    if (known == null) {
      boolean missing =
          HyperparameterCapture.isWanted(module) && !HyperparameterCapture.isCaptured(module);
      if (missing) {
        LOG.warn("{}", HyperparameterCapture.whyNotCaptured(module));
      }
      known = missing ? Hyperparameters.none() : module.hparams();
      hyperparameters = known;
    }
    return known;
  }

  /** Returns whether the module runs the backward pass and steps its optimizers by itself. */
  public boolean isManual() {
    return TrainingSteps.isManual(module);
  }

  /** Returns whether the module has this step. */
  public boolean has(StepKind kind) {
    return kind == StepKind.TRAINING ? !training.isEmpty() : steps.containsKey(kind);
  }

  /** Returns whether the module has a method for this hook. */
  public boolean has(Hook hook) {
    return hooks.containsKey(hook);
  }

  // ---------------------------------------------------------------- steps

  /** Returns the training steps: one for all optimizers, or one for each that has a name. */
  public List<BoundTrainingStep> trainingSteps() {
    return training;
  }

  /** Runs the validation step; returns {@code null} if it returned nothing. */
  public @Nullable StepOutput validationStep(Batch batch, int batchIndex, int dataloaderIndex) {
    return evaluationStep(StepKind.VALIDATION, batch, batchIndex, dataloaderIndex);
  }

  /** Runs the test step; returns {@code null} if it returned nothing. */
  public @Nullable StepOutput testStep(Batch batch, int batchIndex, int dataloaderIndex) {
    return evaluationStep(StepKind.TEST, batch, batchIndex, dataloaderIndex);
  }

  /**
   * Runs the predict step. A bare tensor becomes the entry {@value StepOutput#PREDICTION}. A module
   * that has no predict step predicts by {@code forward}, of the batch's only tensor.
   *
   * @throws FulgurException if it returned {@code null}, or there is none and the batch has several
   *     tensors
   */
  public StepOutput predictStep(Batch batch, int batchIndex, int dataloaderIndex) {
    if (!steps.containsKey(StepKind.PREDICT)) {
      return StepOutput.of(StepOutput.PREDICTION, module.forward(only(batch)));
    }
    Object result = step(StepKind.PREDICT, batch, batchIndex, dataloaderIndex);
    if (result == null) {
      throw new FulgurException(
          ErrorId.NO_PREDICTION,
          "The predict step "
              + location(StepKind.PREDICT)
              + " returned null. Return a Tensor or a StepOutput for every batch.");
    }
    return output(result, StepOutput.PREDICTION);
  }

  private Tensor only(Batch batch) {
    if (batch.names().size() != 1) {
      throw new FulgurException(
          ErrorId.MISSING_STEP,
          "%s has no method annotated with @PredictStep, and forward takes one tensor, but the batch holds %s. Add a method, e.g. %s"
              .formatted(
                  Signatures.name(module.getClass()),
                  String.join(", ", batch.names()),
                  StepKind.PREDICT.example()));
    }
    return batch.get(batch.names().iterator().next());
  }

  private @Nullable StepOutput evaluationStep(
      StepKind kind, Batch batch, int batchIndex, int dataloaderIndex) {
    Object result = step(kind, batch, batchIndex, dataloaderIndex);
    return result == null ? null : output(result, StepOutput.LOSS);
  }

  private @Nullable Object step(StepKind kind, Batch batch, int batchIndex, int dataloaderIndex) {
    BoundMethod method = steps.get(kind);
    if (method == null) {
      throw new FulgurException(
          ErrorId.MISSING_STEP,
          Signatures.name(module.getClass())
              + " has no method annotated with @"
              + kind.annotation().getSimpleName()
              + ". Add one, e.g. "
              + kind.example());
    }
    try (Profiler.Region region = region(kind)) {
      return method.invoker().invoke(module, null, batch, batchIndex, dataloaderIndex);
    }
  }

  private static StepOutput output(Object result, String name) {
    return result instanceof Tensor tensor ? StepOutput.of(name, tensor) : (StepOutput) result;
  }

  private String location(StepKind kind) {
    BoundMethod method = steps.get(kind);
    return method == null ? "" : Signatures.location(method.method());
  }

  // ---------------------------------------------------------------- optimizers and callbacks

  /**
   * Makes the optimizers; warns if there is none.
   *
   * @throws FulgurException if the method is missing
   */
  public OptimizerPlan configureOptimizers() {
    if (optimizers == null) {
      throw new FulgurException(
          ErrorId.MISSING_OPTIMIZERS,
          Signatures.name(module.getClass())
              + " has no method annotated with @ConfigureOptimizers. Add one that returns an"
              + " Optimizer.");
    }
    Object result = optimizers.invoker().invoke(module, null, null, 0, 0);
    if (result == null) {
      LOG.warn(
          "{} returned null: the module is run on the training data, but nothing learns from it",
          Signatures.location(optimizers.method()));
      return OptimizerPlan.none();
    }
    return result instanceof Optimizer optimizer
        ? OptimizerPlan.of(optimizer)
        : (OptimizerPlan) result;
  }

  /**
   * Returns the callbacks that the module brings along.
   *
   * @param type what a callback is
   * @throws FulgurException if a method returned something else
   */
  public <T> List<T> configureCallbacks(Class<T> type) {
    List<T> callbacks = new ArrayList<>();
    for (Invoker invoker : hooks.getOrDefault(Hook.CONFIGURE_CALLBACKS, NONE)) {
      Object result = invoker.invoke(module, null, null, 0, 0);
      Collection<?> returned =
          result instanceof Collection<?> several ? several : Collections.singleton(result);
      for (Object each : returned) {
        if (!type.isInstance(each)) {
          throw new FulgurException(
              ErrorId.WRONG_RETURN_TYPE,
              "A method of %s annotated with @On(Hook.CONFIGURE_CALLBACKS) returned %s, which is no %s. Return a %s or a List of them."
                  .formatted(
                      Signatures.name(module.getClass()),
                      each,
                      type.getSimpleName(),
                      type.getSimpleName()));
        }
        callbacks.add(type.cast(each));
      }
    }
    return callbacks;
  }

  // ---------------------------------------------------------------- hooks

  /** Calls the methods of a hook that offers nothing. */
  public void run(Hook hook) {
    invoke(hook, null, null, 0, 0);
  }

  /**
   * Calls the methods of a hook that offers one thing: a {@link RunKind}, an optimizer, a loss or a
   * checkpoint.
   */
  public void run(Hook hook, Object subject) {
    invoke(hook, subject, null, 0, 0);
  }

  /** Calls the methods of a batch-start hook. */
  public void runBatchStart(Hook hook, Batch batch, int batchIndex, int dataloaderIndex) {
    invoke(hook, null, batch, batchIndex, dataloaderIndex);
  }

  /**
   * Calls the methods of a batch-end hook.
   *
   * @param output what the step returned; {@code null} if nothing
   */
  public void runBatchEnd(
      Hook hook, @Nullable StepOutput output, Batch batch, int batchIndex, int dataloaderIndex) {
    invoke(hook, output, batch, batchIndex, dataloaderIndex);
  }

  private void invoke(
      Hook hook,
      @Nullable Object subject,
      @Nullable Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    try (Profiler.Region region = region(hook)) {
      for (Invoker invoker : hooks.getOrDefault(hook, NONE)) {
        invoker.invoke(module, subject, batch, batchIndex, dataloaderIndex);
      }
    }
  }

  // ---------------------------------------------------------------- parts that can be replaced

  /** See {@link TrainableModule#backward}. */
  public void backward(Tensor loss) {
    module.backward(loss);
  }

  /** See {@link TrainableModule#optimizerStep}. */
  public void optimizerStep(Optimizer optimizer, StepClosure closure) {
    module.optimizerStep(optimizer, closure);
  }

  /** See {@link TrainableModule#optimizerZeroGrad}. */
  public void optimizerZeroGrad(Optimizer optimizer) {
    module.optimizerZeroGrad(optimizer);
  }

  /** See {@link TrainableModule#configureGradientClipping}. */
  public void configureGradientClipping(
      Optimizer optimizer, double gradientClipVal, GradientClipAlgorithm algorithm) {
    module.configureGradientClipping(optimizer, gradientClipVal, algorithm);
  }

  /** See {@link TrainableModule#lrSchedulerStep(LearningRateScheduler)}. */
  public void lrSchedulerStep(LearningRateScheduler scheduler) {
    module.lrSchedulerStep(scheduler);
  }

  /** See {@link TrainableModule#lrSchedulerStep(ReduceLROnPlateau, double)}. */
  public void lrSchedulerStep(ReduceLROnPlateau scheduler, double monitored) {
    module.lrSchedulerStep(scheduler, monitored);
  }

  /** See {@link TrainableModule#modelEval}. */
  public void modelEval(RunningStage stage) {
    module.modelEval(stage);
  }

  /** See {@link TrainableModule#modelTrain}. */
  public void modelTrain(RunningStage stage, TrainingModes before) {
    module.modelTrain(stage, before);
  }

  /** See {@link TrainableModule#validationModelZeroGrad}. */
  public void validationModelZeroGrad() {
    module.validationModelZeroGrad();
  }
}
