package io.fulgur.nn;

import io.fulgur.tensor.functional.RecurrentOperators.Cell;

/**
 * One step of {@link LSTM}, as {@code torch.nn.LSTMCell}; see {@link RecurrentCellModule}.
 *
 * @since 0.1
 */
public final class LSTMCell extends RecurrentCellModule {
  /** Makes a cell with biases. */
  public LSTMCell(long inputSize, long hiddenSize) {
    this(inputSize, hiddenSize, /* bias= */ true);
  }

  /** Makes a cell with or without biases. */
  public LSTMCell(long inputSize, long hiddenSize, boolean bias) {
    super(Cell.LSTM, inputSize, hiddenSize, bias);
  }
}
