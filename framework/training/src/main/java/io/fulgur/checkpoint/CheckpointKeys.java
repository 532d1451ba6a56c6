package io.fulgur.checkpoint;

import java.util.List;

/**
 * Names under which a checkpoint keeps states.
 *
 * @since 0.1
 */
public final class CheckpointKeys {
  /** Counters of the loops. */
  public static final String LOOPS = "loops";

  /** Values that learning-rate schedules follow, as far as they were known. */
  public static final String MONITORED = "monitored";

  /** What metrics and {@code log} have gathered of the training epoch. */
  public static final String LOG = "log";

  /** Optimizers, nested by their index. */
  public static final String OPTIMIZERS = "optimizers";

  /** Gradients that the optimizers have not stepped with yet, in the middle of a window. */
  public static final String GRADIENTS = "gradients";

  /** What has been done on a training batch within which the checkpoint was saved. */
  public static final String BATCH = "batch";

  /** Learning-rate schedules, nested by their index. */
  public static final String LR_SCHEDULERS = "lr_schedulers";

  /** Callbacks, nested by their state key. */
  public static final String CALLBACKS = "callbacks";

  /** Position in the training data, and the data module's own state. */
  public static final String DATA = "data";

  /** Generators of random numbers. */
  public static final String RNG = "rng";

  /** The precision plugin, e.g. its loss scale. */
  public static final String PRECISION = "precision";

  static final String FORMAT_VERSION = "fulgur_format";
  static final String FULGUR_VERSION = "fulgur_version";
  static final String EPOCH = "epoch";
  static final String GLOBAL_STEP = "global_step";
  static final String HYPERPARAMETERS = "hyper_parameters";
  static final String DATA_MODULE_HYPERPARAMETERS = "datamodule_hyper_parameters";
  static final String STATES = "states";

  /** What {@link Checkpoint} writes itself; {@code format} is other programs' mark. */
  static final List<String> RESERVED =
      List.of(
          FORMAT_VERSION,
          FULGUR_VERSION,
          EPOCH,
          GLOBAL_STEP,
          HYPERPARAMETERS,
          DATA_MODULE_HYPERPARAMETERS,
          STATES,
          Checksums.KEY,
          "format");

  private CheckpointKeys() {}

  static boolean isReserved(String key) {
    return RESERVED.contains(key);
  }
}
