package io.fulgur.annotation;

/**
 * The moments of a run at which a module's {@link On} methods are called.
 *
 * <p>Each says what it offers as parameters; a method takes any subset, in any order. Callbacks run
 * before the module's method of the same moment.
 *
 * @since 0.1
 */
public enum Hook {
  /** Before anything else of a run: download what the module needs. */
  PREPARE_DATA,
  /** When the data is there. Offers the {@link io.fulgur.RunKind}. */
  SETUP,
  /** After {@link #SETUP}, before the weights of a checkpoint are loaded: make late layers. */
  CONFIGURE_MODEL,
  /** After everything of a run. Offers the {@link io.fulgur.RunKind}. */
  TEARDOWN,
  /**
   * At the start of a run: returns a {@link io.fulgur.callback.Callback} or a list of them, which
   * join the trainer's for this run.
   */
  CONFIGURE_CALLBACKS,

  /** A run has failed, before {@link #TEARDOWN}. Offers the {@link Throwable}. */
  EXCEPTION,

  /** A fit begins, optimizers exist. */
  FIT_START,
  /** A fit is over. */
  FIT_END,
  /** Some validation batches are about to be tried before training. */
  SANITY_CHECK_START,
  /** Some validation batches have been tried. */
  SANITY_CHECK_END,
  /** Training begins, after the sanity check. */
  TRAIN_START,
  /** Training is over. */
  TRAIN_END,
  /** A training epoch begins. */
  TRAIN_EPOCH_START,
  /** A training epoch is over. */
  TRAIN_EPOCH_END,
  /**
   * Before a training batch. Offers the batch and its index. {@link
   * io.fulgur.module.FulgurModule#skipRestOfEpoch()} leaves this batch and what follows out.
   */
  TRAIN_BATCH_START,
  /** After a training batch. Offers the step's output, the batch and its index. */
  TRAIN_BATCH_END,

  /** Validation begins. */
  VALIDATION_START,
  /** Validation is over. */
  VALIDATION_END,
  /** A pass over the validation data begins. */
  VALIDATION_EPOCH_START,
  /** A pass over the validation data is over. */
  VALIDATION_EPOCH_END,
  /** Before a validation batch. Offers the batch, its index and the dataloader's. */
  VALIDATION_BATCH_START,
  /** After a validation batch. Offers the step's output, the batch, its index, the dataloader's. */
  VALIDATION_BATCH_END,

  /** Testing begins. */
  TEST_START,
  /** Testing is over. */
  TEST_END,
  /** A pass over the test data begins. */
  TEST_EPOCH_START,
  /** A pass over the test data is over. */
  TEST_EPOCH_END,
  /** Before a test batch. Offers the batch, its index and the dataloader's. */
  TEST_BATCH_START,
  /** After a test batch. Offers the step's output, the batch, its index, the dataloader's. */
  TEST_BATCH_END,

  /** Prediction begins. */
  PREDICT_START,
  /** Prediction is over. */
  PREDICT_END,
  /** A pass over the data to predict begins. */
  PREDICT_EPOCH_START,
  /** A pass over the data to predict is over. */
  PREDICT_EPOCH_END,
  /** Before a batch to predict. Offers the batch, its index and the dataloader's. */
  PREDICT_BATCH_START,
  /** After a batch to predict. Offers the step's output, the batch, its index, the dataloader's. */
  PREDICT_BATCH_END,

  /** Before gradients are set to zero. Offers the optimizer. */
  BEFORE_ZERO_GRAD,
  /** Before the backward pass. Offers the loss as a {@link io.fulgur.tensor.Tensor}. */
  BEFORE_BACKWARD,
  /** After the backward pass, before clipping: gradients are there. */
  AFTER_BACKWARD,
  /** Before an optimizer steps, before clipping. Offers the optimizer. */
  BEFORE_OPTIMIZER_STEP,

  /**
   * A checkpoint is about to be written. Offers its {@link
   * io.fulgur.checkpoint.Checkpoint.Builder}, to which more can be added.
   */
  SAVE_CHECKPOINT,
  /**
   * A checkpoint was read, before it is applied. Offers the {@link
   * io.fulgur.checkpoint.Checkpoint}.
   */
  LOAD_CHECKPOINT
}
