package io.fulgur.log;

import org.jspecify.annotations.Nullable;

/**
 * A moment of a run at which code of others runs, and what may be logged there.
 *
 * @since 0.1
 */
public enum Moment {
  /** Between everything else. */
  NONE("outside of a run", Rule.FORBIDDEN, null),
  /** A step of training. */
  TRAINING_STEP("the training step", Rule.STEP, null),
  /** A step of validation. */
  VALIDATION_STEP("the validation step", Rule.EPOCH, null),
  /** A step of a test. */
  TEST_STEP("the test step", Rule.EPOCH, null),
  /** A step of prediction. */
  PREDICT_STEP("the predict step", Rule.FORBIDDEN, null),

  /** Files are made ready. */
  PREPARE_DATA("prepareData", Rule.FORBIDDEN, null),
  /** Late layers are made. */
  CONFIGURE_MODEL("configureModel", Rule.FORBIDDEN, null),
  /** Loaders are made. */
  LOADERS("a method that makes loaders", Rule.FORBIDDEN, null),
  /** Optimizers are made. */
  CONFIGURE_OPTIMIZERS("configureOptimizers", Rule.FORBIDDEN, null),
  /** A batch is made of what was loaded. */
  BATCH_TRANSFER("the transfer of a batch", Rule.FORBIDDEN, null),
  /** The backward pass. */
  BACKWARD("backward", Rule.STEP, null),
  /** The step of an optimizer. */
  OPTIMIZER_STEP("optimizerStep", Rule.STEP, null),
  /** Gradients are forgotten. */
  OPTIMIZER_ZERO_GRAD("optimizerZeroGrad", Rule.STEP, null),
  /** Gradients are bounded. */
  CONFIGURE_GRADIENT_CLIPPING("configureGradientClipping", Rule.STEP, null),
  /** The step of a learning-rate schedule. */
  LR_SCHEDULER_STEP("lrSchedulerStep", Rule.FORBIDDEN, null),
  /** The mode of layers changes around an evaluation. */
  MODEL_MODE("a change of the modules' mode", Rule.FORBIDDEN, null),

  /** Before everything. */
  SETUP(Rule.FORBIDDEN, "setup"),
  /** After everything. */
  TEARDOWN(Rule.FORBIDDEN, "teardown"),
  /** Before the loaders and optimizers of a fit are made. */
  TUNE(Rule.FORBIDDEN, "tune"),
  /** A fit begins. */
  FIT_START(Rule.FORBIDDEN, "onFitStart"),
  /** A fit is over. */
  FIT_END(Rule.FORBIDDEN, "onFitEnd"),
  /** The sanity check begins. */
  SANITY_CHECK_START(Rule.FORBIDDEN, "onSanityCheckStart"),
  /** The sanity check is over. */
  SANITY_CHECK_END(Rule.FORBIDDEN, "onSanityCheckEnd"),
  /** Training begins. */
  TRAIN_START(Rule.EPOCH_ONLY, "onTrainStart"),
  /** Training is over. */
  TRAIN_END(Rule.FORBIDDEN, "onTrainEnd"),
  /** A training epoch begins. */
  TRAIN_EPOCH_START(Rule.EPOCH_ONLY, "onTrainEpochStart"),
  /** A training epoch is over. */
  TRAIN_EPOCH_END(Rule.EPOCH_ONLY, "onTrainEpochEnd"),
  /** Before a training batch. */
  TRAIN_BATCH_START(Rule.STEP, "onTrainBatchStart"),
  /** After a training batch. */
  TRAIN_BATCH_END(Rule.STEP, "onTrainBatchEnd"),
  /** Before gradients are forgotten. */
  BEFORE_ZERO_GRAD(Rule.STEP, "onBeforeZeroGrad"),
  /** Before the backward pass. */
  BEFORE_BACKWARD(Rule.STEP, "onBeforeBackward"),
  /** After the backward pass. */
  AFTER_BACKWARD(Rule.STEP, "onAfterBackward"),
  /** Before an optimizer steps. */
  BEFORE_OPTIMIZER_STEP(Rule.STEP, "onBeforeOptimizerStep"),

  /** Validation begins. */
  VALIDATION_START(Rule.EPOCH_ONLY, "onValidationStart"),
  /** Validation is over. */
  VALIDATION_END(Rule.FORBIDDEN, "onValidationEnd"),
  /** A pass over validation data begins. */
  VALIDATION_EPOCH_START(Rule.EPOCH_ONLY, "onValidationEpochStart"),
  /** A pass over validation data is over. */
  VALIDATION_EPOCH_END(Rule.EPOCH_ONLY, "onValidationEpochEnd"),
  /** Before a validation batch. */
  VALIDATION_BATCH_START(Rule.EPOCH, "onValidationBatchStart"),
  /** After a validation batch. */
  VALIDATION_BATCH_END(Rule.EPOCH, "onValidationBatchEnd"),

  /** Testing begins. */
  TEST_START(Rule.EPOCH_ONLY, "onTestStart"),
  /** Testing is over. */
  TEST_END(Rule.FORBIDDEN, "onTestEnd"),
  /** A pass over test data begins. */
  TEST_EPOCH_START(Rule.EPOCH_ONLY, "onTestEpochStart"),
  /** A pass over test data is over. */
  TEST_EPOCH_END(Rule.EPOCH_ONLY, "onTestEpochEnd"),
  /** Before a test batch. */
  TEST_BATCH_START(Rule.EPOCH, "onTestBatchStart"),
  /** After a test batch. */
  TEST_BATCH_END(Rule.EPOCH, "onTestBatchEnd"),

  /** Prediction begins. */
  PREDICT_START(Rule.FORBIDDEN, "onPredictStart"),
  /** Prediction is over. */
  PREDICT_END(Rule.FORBIDDEN, "onPredictEnd"),
  /** A pass over data to predict begins. */
  PREDICT_EPOCH_START(Rule.FORBIDDEN, "onPredictEpochStart"),
  /** A pass over data to predict is over. */
  PREDICT_EPOCH_END(Rule.FORBIDDEN, "onPredictEpochEnd"),
  /** Before a batch to predict. */
  PREDICT_BATCH_START(Rule.FORBIDDEN, "onPredictBatchStart"),
  /** After a batch to predict. */
  PREDICT_BATCH_END(Rule.FORBIDDEN, "onPredictBatchEnd"),

  /** A run has failed. */
  EXCEPTION(Rule.FORBIDDEN, "onException"),
  /** A checkpoint is about to be written. */
  SAVE_CHECKPOINT(Rule.FORBIDDEN, "onSaveCheckpoint"),
  /** A checkpoint was read. */
  LOAD_CHECKPOINT(Rule.FORBIDDEN, "onLoadCheckpoint");

  /** What may be logged at a moment. */
  enum Rule {
    /** Nothing. */
    FORBIDDEN,
    /** At each step unless said otherwise. */
    STEP,
    /** For each epoch unless said otherwise. */
    EPOCH,
    /** For each epoch, nothing else. */
    EPOCH_ONLY
  }

  private final String label;
  private final Rule rule;
  private final @Nullable String callbackMethod;

  Moment(Rule rule, String callbackMethod) {
    this(callbackMethod, rule, callbackMethod);
  }

  Moment(String label, Rule rule, @Nullable String callbackMethod) {
    this.label = label;
    this.rule = rule;
    this.callbackMethod = callbackMethod;
  }

  /** Returns the name for messages: a method of callbacks, or a step. */
  public String label() {
    return label;
  }

  /** Returns the method that callbacks have for this moment, or null if they have none. */
  public @Nullable String callbackMethod() {
    return callbackMethod;
  }

  Rule rule() {
    return rule;
  }
}
