package io.fulgur.tensor;

/**
 * State of a module that is saved with it but not trained, e.g. a running mean. Written by {@link
 * #assign} and {@link #fill}.
 *
 * @since 0.1
 */
public final class Buffer extends Tensor {
  private final boolean persistent;

  private Buffer(View view, boolean persistent) {
    super(view, "Buffer");
    this.persistent = persistent;
  }

  /** Returns a buffer with a copy of these values. */
  public static Buffer of(Tensor initial) {
    return new Buffer(initial.keep().view(), /* persistent= */ true);
  }

  /**
   * Returns a buffer with a copy of these values that is not saved: what a module can make again,
   * e.g. a mask, but wants to be converted with it.
   */
  public static Buffer nonPersistent(Tensor initial) {
    return new Buffer(initial.keep().view(), /* persistent= */ false);
  }

  /** Returns whether this buffer is saved with its module. */
  public boolean isPersistent() {
    return persistent;
  }

  /** Converts this buffer to another type. */
  public void convert(DType dtype) {
    if (dtype != dtype()) {
      rebind(detach().to(dtype).keep().view());
    }
  }
}
