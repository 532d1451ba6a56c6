package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a recurrent network carries from step to step.
 *
 * @param hidden {@code [layers · directions, batch, hiddenSize]}, of a layer the forward direction
 *     first; of a cell {@code [batch, hiddenSize]}
 * @param cell likewise, of LSTM; null of others. Where an LSTM projects, the hidden state has the
 *     projection's size and the cell state {@code hiddenSize}
 * @since 0.1
 */
public record RecurrentState(Tensor hidden, @Nullable Tensor cell) {
  /** Makes the state of a network without cell states. */
  public RecurrentState(Tensor hidden) {
    this(hidden, null);
  }
}
