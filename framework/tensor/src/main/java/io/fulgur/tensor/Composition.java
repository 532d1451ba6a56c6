package io.fulgur.tensor;

/**
 * How a composite {@link Operator} is computed from simpler ones, where no provider has a kernel
 * for a call.
 *
 * <p>It runs at every run of the call, without recording gradients; what it makes on the way is
 * given back when it has run.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Composition {
  /** What a composition returns that has written into {@link OpCall#output} itself. */
  Tensor[] WRITTEN = {};

  /**
   * Computes a call.
   *
   * @param call attributes, scalars, and the memory of the outputs
   * @param inputs the call's inputs
   * @return the outputs in order, of the call's shapes; floating-point ones are converted to the
   *     call's types. Or {@link #WRITTEN}.
   */
  Tensor[] compute(OpCall call, Tensor... inputs);

  /** Makes a composition of one that has a single output. */
  static Composition of(Single single) {
    return (call, inputs) -> new Tensor[] {single.compute(call, inputs)};
  }

  /** A composition with one output. */
  @FunctionalInterface
  interface Single {
    /** Computes the output. */
    Tensor compute(OpCall call, Tensor... inputs);
  }
}
