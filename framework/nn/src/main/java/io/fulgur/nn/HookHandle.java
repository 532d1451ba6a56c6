package io.fulgur.nn;

/**
 * A hook's registration; closing it removes the hook, and a second time does nothing.
 *
 * @since 0.1
 */
public final class HookHandle implements AutoCloseable {
  private Runnable removal;

  HookHandle(Runnable removal) {
    this.removal = removal;
  }

  /** Removes the hook. */
  public void remove() {
    Runnable once = removal;
    removal = () -> {};
    once.run();
  }

  /** Removes the hook, so that a hook for a while is a try-with-resources statement. */
  @Override
  public void close() {
    remove();
  }
}
