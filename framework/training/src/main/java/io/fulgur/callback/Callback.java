package io.fulgur.callback;

import io.fulgur.RunKind;
import io.fulgur.Trainer;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.State;
import io.fulgur.checkpoint.Stateful;
import io.fulgur.data.Batch;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Something that acts at the moments of a run without being part of the module: saving checkpoints,
 * stopping early, showing progress.
 *
 * <p>Every method does nothing unless overridden, and only overridden ones cost anything. At each
 * moment callbacks run in the order they were given, by {@link #order()}, and before the module's
 * own method of that moment, those that save checkpoints after it. What a callback throws ends the
 * run, wrapped in an error that names the callback, the hook and the step.
 *
 * @since 0.1
 */
public interface Callback extends Stateful {
  /**
   * Where a callback stands among the others.
   *
   * @since 0.1
   */
  enum Order {
    /** First of all, since it decides on how the rest is done, e.g. on the learning rate. */
    TUNER,
    /** Before the module's own methods. */
    ORDINARY,
    /**
     * After those before the module's own methods, except at the end of a training epoch: there
     * after the module, to see what it logged, e.g. to stop early.
     */
    MONITOR,
    /**
     * Last of all at every moment, also after the module's own methods, so that what it saves holds
     * what all others logged and changed.
     */
    CHECKPOINT
  }

  /** Returns where this callback stands among the others. */
  default Order order() {
    return Order.ORDINARY;
  }

  /**
   * Returns the name under which a checkpoint holds this callback's state. Two callbacks of a
   * trainer that have state must differ in it.
   */
  default String stateKey() {
    return getClass().getName();
  }

  /** {@inheritDoc} Returns no state unless overridden. */
  @Override
  default State state() {
    return State.empty();
  }

  /** {@inheritDoc} Does nothing unless overridden. */
  @Override
  default void loadState(State state) {}

  /** Called before anything else of a run. */
  default void setup(Trainer trainer, FulgurModule module, RunKind kind) {}

  /** Called after everything else of a run, also one that failed. */
  default void teardown(Trainer trainer, FulgurModule module, RunKind kind) {}

  /** Called when a fit begins; optimizers exist. */
  default void onFitStart(Trainer trainer, FulgurModule module) {}

  /** Called when a fit is over. */
  default void onFitEnd(Trainer trainer, FulgurModule module) {}

  /** Called before the validation batches that are tried before training. */
  default void onSanityCheckStart(Trainer trainer, FulgurModule module) {}

  /** Called after the validation batches that are tried before training. */
  default void onSanityCheckEnd(Trainer trainer, FulgurModule module) {}

  /** Called when training begins. */
  default void onTrainStart(Trainer trainer, FulgurModule module) {}

  /** Called when training is over. */
  default void onTrainEnd(Trainer trainer, FulgurModule module) {}

  /** Called when a training epoch begins. */
  default void onTrainEpochStart(Trainer trainer, FulgurModule module) {}

  /**
   * Called when a training epoch is over: after the module's method of this hook for {@link
   * Order#MONITOR} and {@link Order#CHECKPOINT} callbacks.
   */
  default void onTrainEpochEnd(Trainer trainer, FulgurModule module) {}

  /**
   * Called before a training batch; {@link Trainer#skipRestOfEpoch()} leaves out this one and what
   * follows.
   */
  default void onTrainBatchStart(
      Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {}

  /**
   * Called after a training batch, whether or not the optimizers stepped. The output is null if the
   * step returned nothing, and lives until this returns.
   */
  default void onTrainBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex) {}

  /** Called when validation begins. */
  default void onValidationStart(Trainer trainer, FulgurModule module) {}

  /** Called when validation is over. */
  default void onValidationEnd(Trainer trainer, FulgurModule module) {}

  /** Called when a pass over the validation data begins. */
  default void onValidationEpochStart(Trainer trainer, FulgurModule module) {}

  /** Called when a pass over the validation data is over. */
  default void onValidationEpochEnd(Trainer trainer, FulgurModule module) {}

  /** Called before a validation batch. */
  default void onValidationBatchStart(
      Trainer trainer, FulgurModule module, Batch batch, int batchIndex, int dataloaderIndex) {}

  /** Called after a validation batch. */
  default void onValidationBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {}

  /** Called when test begins. */
  default void onTestStart(Trainer trainer, FulgurModule module) {}

  /** Called when test is over. */
  default void onTestEnd(Trainer trainer, FulgurModule module) {}

  /** Called when a pass over the test data begins. */
  default void onTestEpochStart(Trainer trainer, FulgurModule module) {}

  /** Called when a pass over the test data is over. */
  default void onTestEpochEnd(Trainer trainer, FulgurModule module) {}

  /** Called before a test batch. */
  default void onTestBatchStart(
      Trainer trainer, FulgurModule module, Batch batch, int batchIndex, int dataloaderIndex) {}

  /** Called after a test batch. */
  default void onTestBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {}

  /** Called when prediction begins. */
  default void onPredictStart(Trainer trainer, FulgurModule module) {}

  /** Called when prediction is over. */
  default void onPredictEnd(Trainer trainer, FulgurModule module) {}

  /** Called when a pass over the prediction data begins. */
  default void onPredictEpochStart(Trainer trainer, FulgurModule module) {}

  /** Called when a pass over the prediction data is over. */
  default void onPredictEpochEnd(Trainer trainer, FulgurModule module) {}

  /** Called before a prediction batch. */
  default void onPredictBatchStart(
      Trainer trainer, FulgurModule module, Batch batch, int batchIndex, int dataloaderIndex) {}

  /** Called after a prediction batch. */
  default void onPredictBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {}

  /** Called before the gradients of an optimizer's parameters are forgotten. */
  default void onBeforeZeroGrad(Trainer trainer, FulgurModule module, Optimizer optimizer) {}

  /** Called before the backward pass with the loss it starts from. */
  default void onBeforeBackward(Trainer trainer, FulgurModule module, Tensor loss) {}

  /** Called after the backward pass. */
  default void onAfterBackward(Trainer trainer, FulgurModule module) {}

  /** Called before an optimizer steps and before its gradients are clipped. */
  default void onBeforeOptimizerStep(Trainer trainer, FulgurModule module, Optimizer optimizer) {}

  /** Called when a run fails, before it is torn down. */
  default void onException(Trainer trainer, FulgurModule module, Throwable exception) {}

  /** Called when a checkpoint has been gathered, before it is written; more may be added to it. */
  default void onSaveCheckpoint(
      Trainer trainer, FulgurModule module, Checkpoint.Builder checkpoint) {}

  /** Called when a checkpoint has been read, before callbacks' states are restored from it. */
  default void onLoadCheckpoint(Trainer trainer, FulgurModule module, Checkpoint checkpoint) {}
}
