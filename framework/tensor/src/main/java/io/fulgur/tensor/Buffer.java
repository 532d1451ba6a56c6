package io.fulgur.tensor;

/**
 * State of a module that is saved with it but not trained, e.g. a running mean. Written by {@link
 * #assign} and {@link #fill}.
 *
 * @since 0.1
 */
public final class Buffer extends Tensor {
  private Buffer(View view) {
    super(view, "Buffer");
  }

  /** Returns a buffer with a copy of these values. */
  public static Buffer of(Tensor initial) {
    return new Buffer(initial.keep().view());
  }

  /** Converts this buffer to another type. */
  public void convert(DType dtype) {
    if (dtype != dtype()) {
      rebind(detach().to(dtype).keep().view());
    }
  }
}
