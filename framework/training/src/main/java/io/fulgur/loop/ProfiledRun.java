package io.fulgur.loop;

import io.fulgur.RunKind;
import io.fulgur.Trainer;
import io.fulgur.profile.Profiler;
import org.jspecify.annotations.Nullable;

/**
 * A run that a profiler measures, from before anything is called to after everything.
 *
 * @param profiler who measures
 */
record ProfiledRun(Profiler profiler) implements AutoCloseable {
  /** Starts to measure; returns null without a profiler. */
  static @Nullable ProfiledRun start(Profiler profiler, RunKind kind, Trainer trainer) {
    if (profiler == Profiler.NONE) {
      return null;
    }
    profiler.setup(kind, trainer.logDir());
    return new ProfiledRun(profiler);
  }

  @Override
  public void close() {
    profiler.teardown();
  }
}
