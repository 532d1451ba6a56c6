package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;

/**
 * Gated linear unit {@code a sigmoid(b)} of the halves {@code a} and {@code b} of a dimension, as
 * {@code torch.nn.GLU}.
 *
 * <p>Shapes: input {@code [..., 2 n, ...]}, output {@code [..., n, ...]}. An odd size is a {@link
 * io.fulgur.tensor.ShapeException}.
 *
 * <p>Y. Dauphin and others, "Language Modeling with Gated Convolutional Networks", 2016.
 *
 * @since 0.1
 */
public final class GLU extends Module {
  private final int dim;

  /** Makes the layer with the last dimension. */
  public GLU() {
    this(-1);
  }

  /**
   * Makes the layer.
   *
   * @param dim the dimension, which may be counted from the end
   */
  public GLU(int dim) {
    this.dim = dim;
  }

  @Override
  public Tensor forward(Tensor input) {
    return Activations.glu(input, dim);
  }

  @Override
  public String toString() {
    return "GLU(dim=" + dim + ")";
  }
}
