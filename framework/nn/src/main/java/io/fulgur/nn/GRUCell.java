package io.fulgur.nn;

import io.fulgur.tensor.functional.RecurrentOperators.Cell;

/**
 * One step of {@link GRU}, as {@code torch.nn.GRUCell}; see {@link RecurrentCellModule}.
 *
 * @since 0.1
 */
public final class GRUCell extends RecurrentCellModule {
  /** Makes a cell with biases. */
  public GRUCell(long inputSize, long hiddenSize) {
    this(inputSize, hiddenSize, /* bias= */ true);
  }

  /** Makes a cell with or without biases. */
  public GRUCell(long inputSize, long hiddenSize, boolean bias) {
    super(Cell.GRU, inputSize, hiddenSize, bias);
  }
}
