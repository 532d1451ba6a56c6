package io.fulgur.tensor;

import org.jspecify.annotations.Nullable;

/**
 * A tensor that is trained: a leaf that lives as long as its module. Its memory may move once, when
 * it joins a {@link FlatBuffer}; the handle stays the same.
 *
 * @since 0.1
 */
public final class Parameter extends Tensor {
  private @Nullable FlatBuffer flatBuffer;

  private Parameter(View view) {
    super(view, "Parameter");
    requiresGrad(true);
  }

  /**
   * Returns a parameter with a copy of these values.
   *
   * @throws io.fulgur.error.FulgurException if the tensor is not of a floating-point type
   */
  public static Parameter of(Tensor initial) {
    return new Parameter(initial.keep().view());
  }

  /** Converts this parameter to another floating-point type; its gradient is forgotten. */
  public void convert(DType dtype) {
    if (dtype != dtype()) {
      rebind(detach().to(dtype).keep().view());
      flatBuffer = null;
    }
  }

  /** Moves this parameter's values and gradient into a flat buffer. */
  void join(FlatBuffer buffer, View value, View gradient) {
    rebind(value, gradient);
    flatBuffer = buffer;
  }

  @Nullable FlatBuffer flatBuffer() {
    return flatBuffer;
  }
}
