package io.fulgur.nn;

import io.fulgur.tensor.functional.RecurrentOperators.Cell;

/**
 * Gated recurrent unit, as {@code torch.nn.GRU}: {@code r, z = σ(Wx + b + Uh + c)}, {@code n =
 * tanh(Wx + b + r (Uh + c))}, {@code h' = (1 - z) n + z h}. The rows of the weights are those of r,
 * z, n in this order. Shapes, names and first values are told at {@link RecurrentModule}.
 *
 * <p>K. Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder for Statistical
 * Machine Translation", EMNLP 2014.
 *
 * @since 0.1
 */
public final class GRU extends RecurrentModule {
  /** Makes one layer in one direction, with biases. */
  public GRU(long inputSize, long hiddenSize) {
    this(builder(inputSize, hiddenSize));
  }

  private GRU(Builder<GRU> options) {
    super(Cell.GRU, options);
  }

  /** Returns options for more layers, both directions and others. */
  public static Builder<GRU> builder(long inputSize, long hiddenSize) {
    return new Builder<>(GRU::new, inputSize, hiddenSize);
  }
}
