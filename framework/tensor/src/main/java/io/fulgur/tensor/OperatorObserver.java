package io.fulgur.tensor;

import org.jspecify.annotations.Nullable;

/**
 * Told of what a thread computes and copies: to count or to trace.
 *
 * <pre>{@code
 * try (OperatorObserver.Observation ignored = OperatorObserver.observe(call -> ...)) {
 *   net.call(x);
 * }
 * }</pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface OperatorObserver {
  /**
   * Tells of a call.
   *
   * @return whether that says everything; if not, and the call is computed by a {@link
   *     Composition}, the calls that it is composed of are told of as well
   */
  boolean called(OpCall call);

  /** Tells that a call is computed, or has failed; the innermost of composed calls first. */
  default void returned(OpCall call) {}

  /**
   * Tells that values are about to be copied between Java arrays and the memory of a tensor.
   *
   * @param toDevice whether they go into the tensor
   */
  default void copying(boolean toDevice, long sizeBytes) {}

  /** Tells that the copy is done, or has failed. */
  default void copied() {}

  /**
   * Starts telling an observer of this thread's calls, in place of one that may be told of them.
   */
  static Observation observe(OperatorObserver observer) {
    return new Observation(observer);
  }

  /** A time in which an observer is told of calls; closing it goes back to the one before. */
  final class Observation implements AutoCloseable {
    private final ExecutionContext context;
    private final @Nullable OperatorObserver before;

    private Observation(OperatorObserver observer) {
      context = ExecutionContext.current();
      before = context.observer;
      context.observer = observer;
    }

    /**
     * Ends the observation.
     *
     * @throws IllegalStateException if another thread began it
     */
    @Override
    public void close() {
      if (ExecutionContext.current() != context) {
        throw new IllegalStateException(
            "An observation must be closed by the thread that began it");
      }
      context.observer = before;
    }
  }
}
