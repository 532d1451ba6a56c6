package io.fulgur.profile;

import io.fulgur.RunKind;
import java.nio.file.Path;

/**
 * Measures the actions of a run: the batches' way from the loader into the model, the steps, every
 * method of a callback or module that is called, and what the user's own code marks.
 *
 * <pre>{@code
 * try (Profiler.Region region = trainer.profiler().region("augment")) {
 *   ...
 * }
 * }</pre>
 *
 * <p>Everything does nothing unless overridden. A trainer without a profiler has {@link #NONE},
 * which its loops do not even call. Actions may be started on any thread; on each they nest, and
 * the innermost ends first. {@link #setup}, {@link #endStep} and {@link #teardown} are called on
 * the thread that trains.
 *
 * @since 0.1
 */
public interface Profiler {
  /** Measures nothing. */
  Profiler NONE = new Profiler() {};

  /**
   * Called when a run begins.
   *
   * @param directory the folder of the run, for files
   */
  default void setup(RunKind kind, Path directory) {}

  /**
   * Starts an action on this thread.
   *
   * @param action its name, e.g. {@code [Module]trainingStep}
   * @throws io.fulgur.error.FulgurException if it runs on this thread already
   */
  default void start(String action) {}

  /**
   * Stops an action of this thread.
   *
   * @throws io.fulgur.error.FulgurException if it does not run on this thread, or one does that was
   *     started after it
   */
  default void stop(String action) {}

  /**
   * Adds an action of this thread that something else has measured.
   *
   * @param startNanos when it began, by {@link System#nanoTime()}
   * @param endNanos when it ended
   */
  default void record(String action, long startNanos, long endNanos) {}

  /**
   * Called after each batch of what the run is for: in a fit after training batches, not after
   * those of validation.
   */
  default void endStep() {}

  /** Called when a run is over, also if it has failed. */
  default void teardown() {}

  /** Returns what was measured, as a text. */
  default String summary() {
    return "";
  }

  /** Starts an action, which ends when the region is closed. */
  default Region region(String action) {
    start(action);
    return new Region(this, action);
  }

  /**
   * An action that runs.
   *
   * @param profiler who measures it
   * @param action its name
   */
  record Region(Profiler profiler, String action) implements AutoCloseable {
    @Override
    public void close() {
      profiler.stop(action);
    }
  }
}
