package io.fulgur.log;

import io.fulgur.callback.CheckpointCallback;
import io.fulgur.hyperparameter.Hyperparameters;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Something that keeps the values of a run: a file, an event log, a service.
 *
 * <p>Called on the training thread. What it throws ends the run, wrapped in an error that names the
 * logger.
 *
 * @since 0.1
 */
public interface Logger {
  /**
   * Keeps some values.
   *
   * @param metrics the values, valid during the call only
   * @param step where they belong on the x axis
   */
  void logMetrics(Metrics metrics, long step);

  /** Keeps the hyperparameters of a run; called once, before training. */
  default void logHyperparameters(Hyperparameters hyperparameters) {}

  /** Makes everything kept so far safe against a crash of this process. */
  default void save() {}

  /** Ends a run. A logger may be used again by a later run. */
  default void finish(RunStatus status) {}

  /** Tells that a checkpoint was written. */
  default void afterSaveCheckpoint(CheckpointCallback callback) {}

  /** Returns the name of the experiment, e.g. {@code fulgur_logs}. */
  String name();

  /** Returns the version of the run, e.g. {@code version_3}. */
  String version();

  /** Returns the folder under which all runs are kept, or null if there is none. */
  default @Nullable Path saveDir() {
    return null;
  }

  /** Returns the folder of this run, or null if there is none. */
  default @Nullable Path logDir() {
    Path root = saveDir();
    return root == null ? null : root.resolve(name()).resolve(version());
  }
}
