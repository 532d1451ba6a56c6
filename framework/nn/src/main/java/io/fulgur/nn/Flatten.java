package io.fulgur.nn;

import io.fulgur.tensor.Tensor;

/**
 * Joins a range of dimensions into one, as {@code torch.nn.Flatten}.
 *
 * <p>Shapes: input {@code [batch, a, b, ...]}, output {@code [batch, a·b·...]} for the default
 * range, which is all dimensions but the first. The output is a view where it can be.
 *
 * @since 0.1
 */
public final class Flatten extends Module {
  private final int startDim;
  private final int endDim;

  /** Makes a layer that joins all dimensions but the first. */
  public Flatten() {
    this(1, -1);
  }

  /** Makes a layer that joins the dimensions from {@code startDim} to {@code endDim}, inclusive. */
  public Flatten(int startDim, int endDim) {
    this.startDim = startDim;
    this.endDim = endDim;
  }

  @Override
  public Tensor forward(Tensor input) {
    return input.flatten(startDim, endDim);
  }

  @Override
  public String toString() {
    return "Flatten(startDim=" + startDim + ", endDim=" + endDim + ")";
  }
}
