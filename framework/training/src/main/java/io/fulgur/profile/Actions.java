package io.fulgur.profile;

import io.fulgur.RunningStage;

/**
 * The names of what the trainer itself does. Those of others tell whose they are: {@code
 * [Callback]EarlyStopping.onValidationEnd}, {@code [Module]trainingStep}, {@code
 * [DataModule]setup}.
 *
 * @since 0.1
 */
public final class Actions {
  /** The validation batches that are tried before training. */
  public static final String SANITY_CHECK = "[Trainer]sanityCheck";

  /** An epoch, from its first hook to its last, with the validation in between. */
  public static final String TRAINING_EPOCH = "[Trainer]trainingEpoch";

  /** What is done with a training batch once it is there. */
  public static final String TRAINING_BATCH = "[Trainer]trainingBatch";

  /** The backward pass. */
  public static final String BACKWARD = "[Trainer]backward";

  /** The step of an optimizer. */
  public static final String OPTIMIZER_STEP = "[Trainer]optimizerStep";

  /** Forgetting gradients. */
  public static final String ZERO_GRAD = "[Trainer]zeroGrad";

  /** Making tensors of a batch. */
  public static final String TRANSFER_BATCH = "[Trainer]transferBatch";

  /** Gathering and writing a checkpoint. */
  public static final String SAVE_CHECKPOINT = "[Trainer]saveCheckpoint";

  /** Opening a checkpoint and checking it. */
  public static final String LOAD_CHECKPOINT = "[Trainer]loadCheckpoint";

  /** Making a batch, on the thread that does. */
  public static final String LOAD_BATCH = "[DataLoader]loadBatch";

  /** What stands before the names of callbacks' methods. */
  public static final String CALLBACK = "[Callback]";

  /** What stands before the names of the module's methods. */
  public static final String MODULE = "[Module]";

  /** What stands before the names of the data module's methods. */
  public static final String DATA_MODULE = "[DataModule]";

  private Actions() {}

  /** Returns the name of waiting for the next batch of a stage. */
  public static String fetch(RunningStage stage) {
    return switch (stage) {
      case IDLE, TRAINING -> "[Trainer]fetchTrainingBatch";
      case SANITY_CHECKING, VALIDATING -> "[Trainer]fetchValidationBatch";
      case TESTING -> "[Trainer]fetchTestBatch";
      case PREDICTING -> "[Trainer]fetchPredictionBatch";
    };
  }

  /** Returns the name of a pass over the data of a stage. */
  public static String pass(RunningStage stage) {
    return switch (stage) {
      case IDLE, TRAINING -> TRAINING_EPOCH;
      case SANITY_CHECKING, VALIDATING -> "[Trainer]validation";
      case TESTING -> "[Trainer]test";
      case PREDICTING -> "[Trainer]prediction";
    };
  }
}
