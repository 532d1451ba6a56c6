package io.fulgur.tensor.functional;

import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operator.Output;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;
import java.util.ArrayList;
import java.util.List;

/**
 * The operators of {@link Recurrent}: a whole layer in one direction, over all time steps.
 *
 * <p>Sizes: {@code T} time steps, {@code N} sequences, {@code I} input and {@code H} hidden
 * features, {@code G} {@linkplain Cell#gates() gates}.
 *
 * @since 0.1
 */
public final class RecurrentOperators {
  /**
   * How the next state follows from the input and the last one. Where a weight has rows for several
   * gates, they are in the order in which the cell's description names them, as in PyTorch.
   */
  public enum Cell {
    /** {@code h' = tanh(Wx + b + Uh + c)}. */
    TANH(1),

    /** {@code h' = max(0, Wx + b + Uh + c)}. */
    RELU(1),

    /**
     * Gates {@code i, f, g, o}: {@code c' = f c + i g, h' = o tanh(c')}. Beside them c' is saved.
     */
    LSTM(4),

    /**
     * Gates {@code r, z, n}: {@code n = tanh(Wx + b + r (Uh + c)), h' = (1 - z) n + z h}. Beside
     * them {@code Uh + c} of n is saved.
     */
    GRU(3);

    private final int gates;

    Cell(int gates) {
      this.gates = gates;
    }

    /** Returns {@code G}: how many times {@code H} rows the weights have. */
    public int gates() {
      return gates;
    }

    /** Returns whether a step saves its gates, and one thing more, for the backward pass. */
    public boolean isGated() {
      return this == LSTM || this == GRU;
    }

    /** Returns whether the gates' gradients are others for the hidden state than for the input. */
    public boolean hasHiddenGradients() {
      return this == GRU;
    }

    /** Returns whether there is a cell state beside the hidden state. */
    public boolean hasCellState() {
      return this == LSTM;
    }
  }

  /**
   * The attributes.
   *
   * @param reverse whether the last step comes first
   * @param bias whether there are biases
   * @param lengths whether there is an input of lengths; steps beyond a sequence's length leave its
   *     state as it is, and the output there is 0
   * @param inputGradient whether the backward pass computes the gradient of the input
   */
  public record Layer(
      Cell cell, boolean reverse, boolean bias, boolean lengths, boolean inputGradient) {}

  /**
   * {@code x[T, N, I], h0[N, H], (c0[N, H]), weightIh[G H, I], weightHh[G H, H], (biasIh[G H],
   * biasHh[G H]), (lengths[N] of I64) -> y[T, N, H], h[N, H], (c[N, H]), (gates[T, N, G H],
   * inner[T, N, H])}. Those in brackets are there where the {@link Layer} says so: the states c of
   * LSTM, what is saved where {@link Cell#isGated()}.
   */
  public static final Operator RECURRENT =
      Operator.of("recurrent", RecurrentOperators::outputs, RecurrentCompositions::forward)
          .inLowerPrecision();

  /**
   * {@code dy, dh, (dc), the inputs of RECURRENT, y, (gates, inner) -> dh0, (dc0), dweightIh,
   * dweightHh, (dbiasIh, dbiasHh), dgates[T, N, G H], (dhidden[T, N, G H]), (dx)}; dx is there
   * where {@link Layer#inputGradient()}. {@code dgates} and {@code dhidden}, the gradients before
   * the gates' functions of what the input and the hidden state made, are of no use to the caller.
   */
  public static final Operator RECURRENT_BACKWARD =
      Operator.of(
          "recurrentBackward",
          RecurrentOperators::gradientOutputs,
          RecurrentCompositions::backward);

  private RecurrentOperators() {}

  /** Returns the place of {@code weightIh} among the inputs of {@link #RECURRENT}. */
  public static int weights(Layer layer) {
    return layer.cell().hasCellState() ? 3 : 2;
  }

  /** Returns how many inputs {@link #RECURRENT} has. */
  public static int inputs(Layer layer) {
    return weights(layer) + 2 + (layer.bias() ? 2 : 0) + (layer.lengths() ? 1 : 0);
  }

  /** Returns the place of {@code x} among the inputs of {@link #RECURRENT_BACKWARD}. */
  public static int forwardInputs(Layer layer) {
    return layer.cell().hasCellState() ? 3 : 2;
  }

  private static Output[] outputs(Object attributes, View[] in) {
    Cell cell = ((Layer) attributes).cell();
    Shape x = in[0].shape();
    Shape state = in[1].shape();
    long hidden = state.size(1);
    List<Output> outputs = new ArrayList<>();
    outputs.add(new Output(in[0].dtype(), x.withSize(2, hidden)));
    outputs.add(new Output(in[0].dtype(), state));
    if (cell.hasCellState()) {
      outputs.add(new Output(in[0].dtype(), state));
    }
    if (cell.isGated()) {
      outputs.add(new Output(in[0].dtype(), x.withSize(2, cell.gates() * hidden)));
      outputs.add(new Output(in[0].dtype(), x.withSize(2, hidden)));
    }
    return outputs.toArray(Output[]::new);
  }

  private static Output[] gradientOutputs(Object attributes, View[] in) {
    Layer layer = (Layer) attributes;
    Cell cell = layer.cell();
    int first = forwardInputs(layer);
    View x = in[first];
    List<Output> outputs = new ArrayList<>();
    int parameters = 1 + (cell.hasCellState() ? 1 : 0) + 2 + (layer.bias() ? 2 : 0);
    for (int i = 1; i <= parameters; i++) {
      outputs.add(new Output(x.dtype(), in[first + i].shape()));
    }
    long hidden = in[first + 1].shape().size(1);
    Output gates = new Output(x.dtype(), x.shape().withSize(2, cell.gates() * hidden));
    outputs.add(gates);
    if (cell.hasHiddenGradients()) {
      outputs.add(gates);
    }
    if (layer.inputGradient()) {
      outputs.add(new Output(x.dtype(), x.shape()));
    }
    return outputs.toArray(Output[]::new);
  }

  static Layer layer(OpCall call) {
    return call.attributes(Layer.class);
  }
}
