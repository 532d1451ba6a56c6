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

  /** A copy in 16 bits, for {@link Autocast}, and which values it is a copy of. */
  private @Nullable View lowered;

  private @Nullable Storage loweredFrom;
  private int loweredVersion;

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

  /**
   * Returns this in a 16-bit type. The values are converted if they have changed since the last
   * time; each result has a history of its own, so that gradients are added up in this parameter's
   * type.
   */
  Tensor lowered(DType dtype) {
    View copy = loweredCopy(dtype);
    Tensor use = new Tensor(copy, "autocast");
    if (Calls.tracks(this)) {
      Calls.record(
          use, "autocast", (grad, g) -> g.give(this, Elementwise.cast(grad, this.dtype())));
      use.castOf(this);
    }
    return use;
  }

  private View loweredCopy(DType dtype) {
    View source = view();
    View copy = lowered;
    boolean stale = loweredFrom != source.storage() || loweredVersion != source.storage().version();
    if (copy == null || copy.dtype() != dtype) {
      copy = engine().allocate(dtype, elements()).contiguousView(shape());
      stale = true;
    }
    if (stale) {
      Calls.into(Operators.CAST, dtype, Calls.views(this), new View[] {copy});
      lowered = copy;
      loweredFrom = source.storage();
      loweredVersion = source.storage().version();
    }
    return copy;
  }

  /**
   * Returns the buffer that this parameter is a part of; null before an optimizer was made for it.
   */
  public @Nullable FlatBuffer flatBuffer() {
    return flatBuffer;
  }
}
