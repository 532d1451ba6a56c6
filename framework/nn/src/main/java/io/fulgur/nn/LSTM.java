package io.fulgur.nn;

import io.fulgur.tensor.functional.RecurrentOperators.Cell;

/**
 * Long short-term memory, as {@code torch.nn.LSTM}: {@code i, f, o = σ(Wx + b + Uh + c)}, {@code g
 * = tanh(Wx + b + Uh + c)}, {@code c' = f c + i g}, {@code h' = o tanh(c')}. The rows of the
 * weights are those of i, f, g, o in this order. Shapes, names and first values are told at {@link
 * RecurrentModule}.
 *
 * <p>S. Hochreiter, J. Schmidhuber, "Long Short-Term Memory", Neural Computation 1997.
 *
 * @since 0.1
 */
public final class LSTM extends RecurrentModule {
  /** Makes one layer in one direction, with biases. */
  public LSTM(long inputSize, long hiddenSize) {
    this(builder(inputSize, hiddenSize));
  }

  private LSTM(Builder<LSTM> options) {
    super(Cell.LSTM, options);
  }

  /** Returns options for more layers, both directions and others. */
  public static Builder<LSTM> builder(long inputSize, long hiddenSize) {
    return new Builder<>(LSTM::new, inputSize, hiddenSize);
  }
}
