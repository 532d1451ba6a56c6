package io.fulgur.callback;

import io.fulgur.RunKind;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.log.Moment;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;

/**
 * Collects the functions of a {@link LambdaCallback}; a later one takes the place of an earlier one
 * for the same hook.
 *
 * @since 0.1
 */
public final class LambdaCallbackBuilder {
  private final Map<Moment, Object> functions = new EnumMap<>(Moment.class);

  LambdaCallbackBuilder() {}

  private LambdaCallbackBuilder put(Moment moment, Object function) {
    functions.put(moment, function);
    return this;
  }

  /** Sets what is done by {@link Callback#setup}. */
  public LambdaCallbackBuilder setup(LambdaCallback.SubjectHook<RunKind> function) {
    return put(Moment.SETUP, function);
  }

  /** Sets what is done by {@link Callback#teardown}. */
  public LambdaCallbackBuilder teardown(LambdaCallback.SubjectHook<RunKind> function) {
    return put(Moment.TEARDOWN, function);
  }

  /** Sets what is done by {@link Callback#onFitStart}. */
  public LambdaCallbackBuilder onFitStart(LambdaCallback.Hook function) {
    return put(Moment.FIT_START, function);
  }

  /** Sets what is done by {@link Callback#onFitEnd}. */
  public LambdaCallbackBuilder onFitEnd(LambdaCallback.Hook function) {
    return put(Moment.FIT_END, function);
  }

  /** Sets what is done by {@link Callback#onSanityCheckStart}. */
  public LambdaCallbackBuilder onSanityCheckStart(LambdaCallback.Hook function) {
    return put(Moment.SANITY_CHECK_START, function);
  }

  /** Sets what is done by {@link Callback#onSanityCheckEnd}. */
  public LambdaCallbackBuilder onSanityCheckEnd(LambdaCallback.Hook function) {
    return put(Moment.SANITY_CHECK_END, function);
  }

  /** Sets what is done by {@link Callback#onTrainStart}. */
  public LambdaCallbackBuilder onTrainStart(LambdaCallback.Hook function) {
    return put(Moment.TRAIN_START, function);
  }

  /** Sets what is done by {@link Callback#onTrainEnd}. */
  public LambdaCallbackBuilder onTrainEnd(LambdaCallback.Hook function) {
    return put(Moment.TRAIN_END, function);
  }

  /** Sets what is done by {@link Callback#onTrainEpochStart}. */
  public LambdaCallbackBuilder onTrainEpochStart(LambdaCallback.Hook function) {
    return put(Moment.TRAIN_EPOCH_START, function);
  }

  /** Sets what is done by {@link Callback#onTrainEpochEnd}. */
  public LambdaCallbackBuilder onTrainEpochEnd(LambdaCallback.Hook function) {
    return put(Moment.TRAIN_EPOCH_END, function);
  }

  /** Sets what is done by {@link Callback#onTrainBatchStart}. */
  public LambdaCallbackBuilder onTrainBatchStart(LambdaCallback.BatchStartHook function) {
    return put(Moment.TRAIN_BATCH_START, function);
  }

  /** Sets what is done by {@link Callback#onTrainBatchEnd}. */
  public LambdaCallbackBuilder onTrainBatchEnd(LambdaCallback.BatchEndHook function) {
    return put(Moment.TRAIN_BATCH_END, function);
  }

  /** Sets what is done by {@link Callback#onValidationStart}. */
  public LambdaCallbackBuilder onValidationStart(LambdaCallback.Hook function) {
    return put(Moment.VALIDATION_START, function);
  }

  /** Sets what is done by {@link Callback#onValidationEnd}. */
  public LambdaCallbackBuilder onValidationEnd(LambdaCallback.Hook function) {
    return put(Moment.VALIDATION_END, function);
  }

  /** Sets what is done by {@link Callback#onValidationEpochStart}. */
  public LambdaCallbackBuilder onValidationEpochStart(LambdaCallback.Hook function) {
    return put(Moment.VALIDATION_EPOCH_START, function);
  }

  /** Sets what is done by {@link Callback#onValidationEpochEnd}. */
  public LambdaCallbackBuilder onValidationEpochEnd(LambdaCallback.Hook function) {
    return put(Moment.VALIDATION_EPOCH_END, function);
  }

  /** Sets what is done by {@link Callback#onValidationBatchStart}. */
  public LambdaCallbackBuilder onValidationBatchStart(LambdaCallback.BatchStartHook function) {
    return put(Moment.VALIDATION_BATCH_START, function);
  }

  /** Sets what is done by {@link Callback#onValidationBatchEnd}. */
  public LambdaCallbackBuilder onValidationBatchEnd(LambdaCallback.BatchEndHook function) {
    return put(Moment.VALIDATION_BATCH_END, function);
  }

  /** Sets what is done by {@link Callback#onTestStart}. */
  public LambdaCallbackBuilder onTestStart(LambdaCallback.Hook function) {
    return put(Moment.TEST_START, function);
  }

  /** Sets what is done by {@link Callback#onTestEnd}. */
  public LambdaCallbackBuilder onTestEnd(LambdaCallback.Hook function) {
    return put(Moment.TEST_END, function);
  }

  /** Sets what is done by {@link Callback#onTestEpochStart}. */
  public LambdaCallbackBuilder onTestEpochStart(LambdaCallback.Hook function) {
    return put(Moment.TEST_EPOCH_START, function);
  }

  /** Sets what is done by {@link Callback#onTestEpochEnd}. */
  public LambdaCallbackBuilder onTestEpochEnd(LambdaCallback.Hook function) {
    return put(Moment.TEST_EPOCH_END, function);
  }

  /** Sets what is done by {@link Callback#onTestBatchStart}. */
  public LambdaCallbackBuilder onTestBatchStart(LambdaCallback.BatchStartHook function) {
    return put(Moment.TEST_BATCH_START, function);
  }

  /** Sets what is done by {@link Callback#onTestBatchEnd}. */
  public LambdaCallbackBuilder onTestBatchEnd(LambdaCallback.BatchEndHook function) {
    return put(Moment.TEST_BATCH_END, function);
  }

  /** Sets what is done by {@link Callback#onPredictStart}. */
  public LambdaCallbackBuilder onPredictStart(LambdaCallback.Hook function) {
    return put(Moment.PREDICT_START, function);
  }

  /** Sets what is done by {@link Callback#onPredictEnd}. */
  public LambdaCallbackBuilder onPredictEnd(LambdaCallback.Hook function) {
    return put(Moment.PREDICT_END, function);
  }

  /** Sets what is done by {@link Callback#onPredictEpochStart}. */
  public LambdaCallbackBuilder onPredictEpochStart(LambdaCallback.Hook function) {
    return put(Moment.PREDICT_EPOCH_START, function);
  }

  /** Sets what is done by {@link Callback#onPredictEpochEnd}. */
  public LambdaCallbackBuilder onPredictEpochEnd(LambdaCallback.Hook function) {
    return put(Moment.PREDICT_EPOCH_END, function);
  }

  /** Sets what is done by {@link Callback#onPredictBatchStart}. */
  public LambdaCallbackBuilder onPredictBatchStart(LambdaCallback.BatchStartHook function) {
    return put(Moment.PREDICT_BATCH_START, function);
  }

  /** Sets what is done by {@link Callback#onPredictBatchEnd}. */
  public LambdaCallbackBuilder onPredictBatchEnd(LambdaCallback.BatchEndHook function) {
    return put(Moment.PREDICT_BATCH_END, function);
  }

  /** Sets what is done by {@link Callback#onBeforeZeroGrad}. */
  public LambdaCallbackBuilder onBeforeZeroGrad(LambdaCallback.SubjectHook<Optimizer> function) {
    return put(Moment.BEFORE_ZERO_GRAD, function);
  }

  /** Sets what is done by {@link Callback#onBeforeBackward}. */
  public LambdaCallbackBuilder onBeforeBackward(LambdaCallback.SubjectHook<Tensor> function) {
    return put(Moment.BEFORE_BACKWARD, function);
  }

  /** Sets what is done by {@link Callback#onAfterBackward}. */
  public LambdaCallbackBuilder onAfterBackward(LambdaCallback.Hook function) {
    return put(Moment.AFTER_BACKWARD, function);
  }

  /** Sets what is done by {@link Callback#onBeforeOptimizerStep}. */
  public LambdaCallbackBuilder onBeforeOptimizerStep(
      LambdaCallback.SubjectHook<Optimizer> function) {
    return put(Moment.BEFORE_OPTIMIZER_STEP, function);
  }

  /** Sets what is done by {@link Callback#onException}. */
  public LambdaCallbackBuilder onException(LambdaCallback.SubjectHook<Throwable> function) {
    return put(Moment.EXCEPTION, function);
  }

  /** Sets what is done by {@link Callback#onSaveCheckpoint}. */
  public LambdaCallbackBuilder onSaveCheckpoint(
      LambdaCallback.SubjectHook<Checkpoint.Builder> function) {
    return put(Moment.SAVE_CHECKPOINT, function);
  }

  /** Sets what is done by {@link Callback#onLoadCheckpoint}. */
  public LambdaCallbackBuilder onLoadCheckpoint(LambdaCallback.SubjectHook<Checkpoint> function) {
    return put(Moment.LOAD_CHECKPOINT, function);
  }

  /** Makes the callback. */
  public LambdaCallback build() {
    return new LambdaCallback(functions);
  }
}
