package io.fulgur.module;

import io.fulgur.log.LogOptions;
import org.jspecify.annotations.Nullable;

/**
 * What a running trainer offers to its module.
 *
 * <p>{@link FulgurModule} forwards to it between {@link BoundModule#attach} and {@link
 * BoundModule#detach}.
 *
 * @since 0.1
 */
public interface ModuleContext {
  /**
   * Logs a value.
   *
   * @param name what it is called
   * @param value a {@link Double}, a {@link io.fulgur.tensor.Tensor} or a {@link
   *     io.fulgur.metric.ScalarMetric}; anything else, and a tensor of several elements, is the
   *     context's to reject
   * @param options how it is reduced and where it goes
   */
  void log(String name, Object value, LogOptions options);

  /** Returns the number of completed training epochs. */
  int currentEpoch();

  /** Returns the number of optimizer steps taken. */
  long globalStep();

  /** Leaves out the rest of the training epoch, this batch included if it has not begun. */
  void skipRestOfEpoch();

  /** Returns what a module needs that is optimized by hand; null for any other. */
  @Nullable ManualSteps manualSteps();
}
