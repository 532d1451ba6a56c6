package io.fulgur.callback;

import io.fulgur.RunKind;
import io.fulgur.Trainer;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.data.Batch;
import io.fulgur.log.Moment;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A callback made of functions, one for each hook that is of interest.
 *
 * <pre>{@code
 * LambdaCallback.builder()
 *     .onTrainEpochEnd((trainer, module) -> System.out.println(trainer.callbackMetrics()))
 *     .build()
 * }</pre>
 *
 * <p>Follows {@code lightning.pytorch.callbacks.LambdaCallback}. It keeps no state.
 *
 * @since 0.1
 */
public final class LambdaCallback implements Callback {
  /**
   * What is done at a hook.
   *
   * @since 0.1
   */
  @FunctionalInterface
  public interface Hook {
    /** Called at the hook. */
    void on(Trainer trainer, FulgurModule module);
  }

  /**
   * What is done at a hook that is about something.
   *
   * @param <T> what it is about
   * @since 0.1
   */
  @FunctionalInterface
  public interface SubjectHook<T> {
    /** Called at the hook. */
    void on(Trainer trainer, FulgurModule module, T subject);
  }

  /**
   * What is done before a batch.
   *
   * @since 0.1
   */
  @FunctionalInterface
  public interface BatchStartHook {
    /** Called at the hook; the index of the dataloader is 0 in training. */
    void on(Trainer trainer, FulgurModule module, Batch batch, int batchIndex, int dataloaderIndex);
  }

  /**
   * What is done after a batch.
   *
   * @since 0.1
   */
  @FunctionalInterface
  public interface BatchEndHook {
    /**
     * Called at the hook; the output is null if the step returned nothing, the index of the
     * dataloader 0 in training.
     */
    void on(
        Trainer trainer,
        FulgurModule module,
        @Nullable StepOutput output,
        Batch batch,
        int batchIndex,
        int dataloaderIndex);
  }

  private final Map<Moment, Object> functions;

  LambdaCallback(Map<Moment, Object> functions) {
    this.functions = new EnumMap<>(functions);
  }

  /** Returns a builder without functions. */
  public static LambdaCallbackBuilder builder() {
    return new LambdaCallbackBuilder();
  }

  private void hook(Moment moment, Trainer trainer, FulgurModule module) {
    if (functions.get(moment) instanceof Hook function) {
      function.on(trainer, module);
    }
  }

  /** The builder puts only a function that takes such a subject at a moment. */
  @SuppressWarnings("unchecked")
  private <T> void subject(Moment moment, Trainer trainer, FulgurModule module, T subject) {
    if (functions.get(moment) instanceof SubjectHook<?> function) {
      ((SubjectHook<T>) function).on(trainer, module, subject);
    }
  }

  private void batchStart(
      Moment moment, Trainer trainer, FulgurModule module, Batch batch, int index, int loader) {
    if (functions.get(moment) instanceof BatchStartHook function) {
      function.on(trainer, module, batch, index, loader);
    }
  }

  private void batchEnd(
      Moment moment,
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int index,
      int loader) {
    if (functions.get(moment) instanceof BatchEndHook function) {
      function.on(trainer, module, output, batch, index, loader);
    }
  }

  @Override
  public void setup(Trainer trainer, FulgurModule module, RunKind kind) {
    subject(Moment.SETUP, trainer, module, kind);
  }

  @Override
  public void teardown(Trainer trainer, FulgurModule module, RunKind kind) {
    subject(Moment.TEARDOWN, trainer, module, kind);
  }

  @Override
  public void onFitStart(Trainer trainer, FulgurModule module) {
    hook(Moment.FIT_START, trainer, module);
  }

  @Override
  public void onFitEnd(Trainer trainer, FulgurModule module) {
    hook(Moment.FIT_END, trainer, module);
  }

  @Override
  public void onSanityCheckStart(Trainer trainer, FulgurModule module) {
    hook(Moment.SANITY_CHECK_START, trainer, module);
  }

  @Override
  public void onSanityCheckEnd(Trainer trainer, FulgurModule module) {
    hook(Moment.SANITY_CHECK_END, trainer, module);
  }

  @Override
  public void onTrainStart(Trainer trainer, FulgurModule module) {
    hook(Moment.TRAIN_START, trainer, module);
  }

  @Override
  public void onTrainEnd(Trainer trainer, FulgurModule module) {
    hook(Moment.TRAIN_END, trainer, module);
  }

  @Override
  public void onTrainEpochStart(Trainer trainer, FulgurModule module) {
    hook(Moment.TRAIN_EPOCH_START, trainer, module);
  }

  @Override
  public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
    hook(Moment.TRAIN_EPOCH_END, trainer, module);
  }

  @Override
  public void onTrainBatchStart(Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
    batchStart(Moment.TRAIN_BATCH_START, trainer, module, batch, batchIndex, 0);
  }

  @Override
  public void onTrainBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex) {
    batchEnd(Moment.TRAIN_BATCH_END, trainer, module, output, batch, batchIndex, 0);
  }

  @Override
  public void onValidationStart(Trainer trainer, FulgurModule module) {
    hook(Moment.VALIDATION_START, trainer, module);
  }

  @Override
  public void onValidationEnd(Trainer trainer, FulgurModule module) {
    hook(Moment.VALIDATION_END, trainer, module);
  }

  @Override
  public void onValidationEpochStart(Trainer trainer, FulgurModule module) {
    hook(Moment.VALIDATION_EPOCH_START, trainer, module);
  }

  @Override
  public void onValidationEpochEnd(Trainer trainer, FulgurModule module) {
    hook(Moment.VALIDATION_EPOCH_END, trainer, module);
  }

  @Override
  public void onValidationBatchStart(
      Trainer trainer, FulgurModule module, Batch batch, int batchIndex, int dataloaderIndex) {
    batchStart(Moment.VALIDATION_BATCH_START, trainer, module, batch, batchIndex, dataloaderIndex);
  }

  @Override
  public void onValidationBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    batchEnd(
        Moment.VALIDATION_BATCH_END, trainer, module, output, batch, batchIndex, dataloaderIndex);
  }

  @Override
  public void onTestStart(Trainer trainer, FulgurModule module) {
    hook(Moment.TEST_START, trainer, module);
  }

  @Override
  public void onTestEnd(Trainer trainer, FulgurModule module) {
    hook(Moment.TEST_END, trainer, module);
  }

  @Override
  public void onTestEpochStart(Trainer trainer, FulgurModule module) {
    hook(Moment.TEST_EPOCH_START, trainer, module);
  }

  @Override
  public void onTestEpochEnd(Trainer trainer, FulgurModule module) {
    hook(Moment.TEST_EPOCH_END, trainer, module);
  }

  @Override
  public void onTestBatchStart(
      Trainer trainer, FulgurModule module, Batch batch, int batchIndex, int dataloaderIndex) {
    batchStart(Moment.TEST_BATCH_START, trainer, module, batch, batchIndex, dataloaderIndex);
  }

  @Override
  public void onTestBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    batchEnd(Moment.TEST_BATCH_END, trainer, module, output, batch, batchIndex, dataloaderIndex);
  }

  @Override
  public void onPredictStart(Trainer trainer, FulgurModule module) {
    hook(Moment.PREDICT_START, trainer, module);
  }

  @Override
  public void onPredictEnd(Trainer trainer, FulgurModule module) {
    hook(Moment.PREDICT_END, trainer, module);
  }

  @Override
  public void onPredictEpochStart(Trainer trainer, FulgurModule module) {
    hook(Moment.PREDICT_EPOCH_START, trainer, module);
  }

  @Override
  public void onPredictEpochEnd(Trainer trainer, FulgurModule module) {
    hook(Moment.PREDICT_EPOCH_END, trainer, module);
  }

  @Override
  public void onPredictBatchStart(
      Trainer trainer, FulgurModule module, Batch batch, int batchIndex, int dataloaderIndex) {
    batchStart(Moment.PREDICT_BATCH_START, trainer, module, batch, batchIndex, dataloaderIndex);
  }

  @Override
  public void onPredictBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    batchEnd(Moment.PREDICT_BATCH_END, trainer, module, output, batch, batchIndex, dataloaderIndex);
  }

  @Override
  public void onBeforeZeroGrad(Trainer trainer, FulgurModule module, Optimizer optimizer) {
    subject(Moment.BEFORE_ZERO_GRAD, trainer, module, optimizer);
  }

  @Override
  public void onBeforeBackward(Trainer trainer, FulgurModule module, Tensor loss) {
    subject(Moment.BEFORE_BACKWARD, trainer, module, loss);
  }

  @Override
  public void onAfterBackward(Trainer trainer, FulgurModule module) {
    hook(Moment.AFTER_BACKWARD, trainer, module);
  }

  @Override
  public void onBeforeOptimizerStep(Trainer trainer, FulgurModule module, Optimizer optimizer) {
    subject(Moment.BEFORE_OPTIMIZER_STEP, trainer, module, optimizer);
  }

  @Override
  public void onException(Trainer trainer, FulgurModule module, Throwable exception) {
    subject(Moment.EXCEPTION, trainer, module, exception);
  }

  @Override
  public void onSaveCheckpoint(
      Trainer trainer, FulgurModule module, Checkpoint.Builder checkpoint) {
    subject(Moment.SAVE_CHECKPOINT, trainer, module, checkpoint);
  }

  @Override
  public void onLoadCheckpoint(Trainer trainer, FulgurModule module, Checkpoint checkpoint) {
    subject(Moment.LOAD_CHECKPOINT, trainer, module, checkpoint);
  }
}
