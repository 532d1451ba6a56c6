package io.fulgur.tensor;

/**
 * Work bound to fixed input and output memory. Running it costs little beyond the work itself.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Kernel extends AutoCloseable {
  /** Computes the outputs from what the inputs hold now. */
  void run();

  /** Frees native resources; the kernel is not run again. */
  @Override
  default void close() {}
}
