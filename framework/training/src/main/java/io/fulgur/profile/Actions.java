package io.fulgur.profile;

import io.fulgur.RunningStage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  /** Writing a checkpoint, on the thread that does while training goes on. */
  public static final String WRITE_CHECKPOINT = "[CheckpointIO]save";

  /** Removing a checkpoint, on that thread. */
  public static final String REMOVE_CHECKPOINT = "[CheckpointIO]remove";

  /** Copying a checkpoint, on that thread. */
  public static final String COPY_CHECKPOINT = "[CheckpointIO]copy";

  /** Letting a second path stand for a checkpoint, on that thread. */
  public static final String LINK_CHECKPOINT = "[CheckpointIO]link";

  /** Making memory for the copies of checkpoints, on that thread. */
  public static final String RESERVE_MEMORY = "[CheckpointIO]reserveMemory";

  /** What stands before the names of loggers' methods, which a thread of its own calls. */
  public static final String LOGGER = "[Logger]";

  /** What stands before the names of callbacks' methods. */
  public static final String CALLBACK = "[Callback]";

  /** What stands before the names of the module's methods. */
  public static final String MODULE = "[Module]";

  /** What stands before the names of the data module's methods. */
  public static final String DATA_MODULE = "[DataModule]";

  private Actions() {}

  /**
   * Names objects by their classes, and those of one class after the first also by a number.
   *
   * @param prefix stands before each
   */
  public static List<String> owners(String prefix, List<?> objects) {
    List<String> names = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (Object each : objects) {
      String own = className(each.getClass());
      int earlier = seen.merge(own, 1, Integer::sum) - 1;
      names.add(prefix + own + (earlier == 0 ? "" : "-" + earlier));
    }
    return names;
  }

  /** Returns the simple name; of anonymous classes and lambdas the name that the compiler gave. */
  private static String className(Class<?> type) {
    if (!type.isAnonymousClass() && !type.isHidden()) {
      return type.getSimpleName();
    }
    String name = type.getName();
    int address = name.indexOf('/');
    String known = address < 0 ? name : name.substring(0, address);
    return known.substring(known.lastIndexOf('.') + 1);
  }

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
