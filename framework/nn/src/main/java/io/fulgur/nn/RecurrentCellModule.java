package io.fulgur.nn;

import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Recurrent;
import io.fulgur.tensor.functional.RecurrentOperators.Cell;
import org.jspecify.annotations.Nullable;

/**
 * One step of a recurrent network, for loops of one's own, such as a decoder that reads what it
 * wrote. Whole sequences are much faster through {@link RecurrentModule}.
 *
 * <p>Shapes: input {@code [batch, inputSize]}, states {@code [batch, hiddenSize]}. Weights start
 * uniform in ±1/√hiddenSize.
 *
 * @since 0.1
 */
public abstract sealed class RecurrentCellModule extends Module permits RNNCell, LSTMCell, GRUCell {
  private final Parameter weightIh;
  private final Parameter weightHh;
  private final @Nullable Parameter biasIh;
  private final @Nullable Parameter biasHh;
  private final Cell cell;

  RecurrentCellModule(Cell cell, long inputSize, long hiddenSize, boolean bias) {
    Checks.require(
        inputSize > 0 && hiddenSize > 0,
        "A recurrent cell of inputSize=%d, hiddenSize=%d: both must be positive."
            .formatted(inputSize, hiddenSize));
    double bound = 1 / Math.sqrt((double) hiddenSize);
    long rows = cell.gates() * hiddenSize;
    this.cell = cell;
    this.weightIh = Initializers.uniformParameter(bound, rows, inputSize);
    this.weightHh = Initializers.uniformParameter(bound, rows, hiddenSize);
    this.biasIh = bias ? Initializers.uniformParameter(bound, rows) : null;
    this.biasHh = bias ? Initializers.uniformParameter(bound, rows) : null;
  }

  /** Returns the hidden state after one step from a state of zeros. */
  @Override
  public final Tensor forward(Tensor input) {
    return step(input, null).hidden();
  }

  /**
   * Takes one step.
   *
   * @param state the state before, or null for zeros
   * @throws ShapeException if the shapes do not fit
   */
  public final RecurrentState call(Tensor input, @Nullable RecurrentState state) {
    Tensor[] outputs =
        call(
            in -> {
              Tensor x = Checks.present(in[0], "input");
              Tensor hidden = in[1];
              RecurrentState next =
                  step(x, hidden == null ? null : new RecurrentState(hidden, in[2]));
              Tensor c = next.cell();
              return c == null ? new Tensor[] {next.hidden()} : new Tensor[] {next.hidden(), c};
            },
            input,
            state == null ? null : state.hidden(),
            state == null ? null : state.cell());
    return new RecurrentState(outputs[0], outputs.length > 1 ? outputs[1] : null);
  }

  private RecurrentState step(Tensor input, @Nullable RecurrentState state) {
    if (input.rank() != 2 || input.size(1) != weightIh.size(1)) {
      throw ShapeException.mismatch(
          toString(), "the input must be [batch, " + weightIh.size(1) + "]", input.shape());
    }
    Recurrent.Result result =
        Recurrent.layer(
            cell,
            input.unsqueeze(0),
            state == null ? null : new Recurrent.State(state.hidden(), state.cell()),
            new Recurrent.Weights(weightIh, weightHh, biasIh, biasHh),
            /* reverse= */ false,
            null);
    return new RecurrentState(result.state().hidden(), result.state().cell());
  }

  @Override
  public String toString() {
    return "%s(inputSize=%d, hiddenSize=%d%s)"
        .formatted(
            simpleName(), weightIh.size(1), weightHh.size(1), biasIh == null ? ", bias=false" : "");
  }
}
