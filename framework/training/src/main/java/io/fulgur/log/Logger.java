package io.fulgur.log;

import io.fulgur.callback.CheckpointCallback;
import io.fulgur.hyperparameter.Hyperparameters;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Something that keeps the values of a run: a file, an event log, a service.
 *
 * <p>The trainer calls {@link #logMetrics}, {@link #logHyperparameters}, {@link
 * #afterSaveCheckpoint}, {@link #save} and {@link #finish} one after the other on one thread, which
 * is not the one that trains; a logger needs no locks among them, and may take its time: training
 * waits only where many calls have piled up. The methods that tell names and folders may be called
 * by any thread at any time.
 *
 * <p>What a logger throws ends the run at the next thing that is logged, wrapped in an error that
 * names the logger; until then, and to end the run, it is called as before.
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

  /**
   * Keeps the hyperparameters of a run; called once, before training, which waits for it: the place
   * to find out that nothing can be written.
   */
  default void logHyperparameters(Hyperparameters hyperparameters) {}

  /**
   * Makes everything kept so far safe against a crash of this process; called after each epoch, and
   * when the process is told to end.
   */
  default void save() {}

  /** Ends a run, also one that failed. A logger may be used again by a later run. */
  default void finish(RunStatus status) {}

  /** Tells that a checkpoint was written; training waits, so that the callback stays as it is. */
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
