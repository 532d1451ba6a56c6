package io.fulgur.nn;

import io.fulgur.tensor.functional.RecurrentOperators.Cell;

/**
 * One step of {@link RNN}, as {@code torch.nn.RNNCell}; see {@link RecurrentCellModule}.
 *
 * @since 0.1
 */
public final class RNNCell extends RecurrentCellModule {
  /** Makes a cell with biases. */
  public RNNCell(long inputSize, long hiddenSize) {
    this(inputSize, hiddenSize, /* bias= */ true);
  }

  /** Makes a cell with or without biases. */
  public RNNCell(long inputSize, long hiddenSize, boolean bias) {
    this(Cell.TANH, inputSize, hiddenSize, bias);
  }

  private RNNCell(Cell cell, long inputSize, long hiddenSize, boolean bias) {
    super(cell, inputSize, hiddenSize, bias);
  }

  /** Makes a cell with max(·, 0) in place of tanh, with biases. */
  public static RNNCell relu(long inputSize, long hiddenSize) {
    return new RNNCell(Cell.RELU, inputSize, hiddenSize, /* bias= */ true);
  }
}
