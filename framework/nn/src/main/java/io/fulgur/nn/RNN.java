package io.fulgur.nn;

import io.fulgur.tensor.functional.RecurrentOperators.Cell;

/**
 * Elman's recurrent network {@code h' = tanh(Wx + b + Uh + c)}, or with max(·, 0) in place of tanh,
 * as {@code torch.nn.RNN}. Shapes, names and first values are told at {@link RecurrentModule}.
 *
 * <p>J. L. Elman, "Finding Structure in Time", Cognitive Science 1990.
 *
 * @since 0.1
 */
public final class RNN extends RecurrentModule {
  /** Makes one layer in one direction, with tanh and biases. */
  public RNN(long inputSize, long hiddenSize) {
    this(Cell.TANH, builder(inputSize, hiddenSize));
  }

  private RNN(Cell cell, Builder<RNN> options) {
    super(cell, options);
  }

  /** Returns options for more layers, both directions and others, with tanh. */
  public static Builder<RNN> builder(long inputSize, long hiddenSize) {
    return new Builder<>(options -> new RNN(Cell.TANH, options), inputSize, hiddenSize);
  }

  /** Returns options for a network with max(·, 0) in place of tanh. */
  public static Builder<RNN> reluBuilder(long inputSize, long hiddenSize) {
    return new Builder<>(options -> new RNN(Cell.RELU, options), inputSize, hiddenSize);
  }
}
