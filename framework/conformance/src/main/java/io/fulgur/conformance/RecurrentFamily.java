package io.fulgur.conformance;

import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Recurrent;
import io.fulgur.tensor.functional.RecurrentOperators.Cell;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Recurrent layers in one direction, with initial states, lengths and without. */
final class RecurrentFamily extends Family {
  private static final Map<String, Cell> CELLS =
      Map.of("rnnTanh", Cell.TANH, "rnnRelu", Cell.RELU, "lstm", Cell.LSTM, "gru", Cell.GRU);

  RecurrentFamily() {
    super("recurrent");
    CELLS.forEach(
        (name, cell) -> {
          operators(name, in -> run(cell, in));
          rejections(name, cell);
        });
    operators("lstmProjected", RecurrentFamily::projected);
    rejects(
        "lstmProjected",
        "a projection of another size",
        () ->
            Recurrent.projectedLstm(
                Tensor.ones(3, 2, 1),
                null,
                new Recurrent.Weights(Tensor.ones(8, 1), Tensor.ones(8, 3), null, null),
                Tensor.ones(1, 2),
                /* reverse= */ false,
                null),
        ShapeException.class,
        "lstm",
        "[1, 2]",
        "the projection must be [3, 2]");
  }

  private static Tensor[] projected(Arguments in) {
    Tensor h0 = in.optional(1);
    Recurrent.Result result =
        Recurrent.projectedLstm(
            in.tensor(0),
            h0 == null ? null : new Recurrent.State(h0, in.optional(2)),
            new Recurrent.Weights(in.tensor(3), in.tensor(4), in.optional(5), in.optional(6)),
            in.tensor(8),
            in.flag("reverse"),
            in.optional(7));
    return outputs(result);
  }

  private static Tensor[] run(Cell cell, Arguments in) {
    Tensor h0 = in.optional(1);
    Recurrent.Result result =
        Recurrent.layer(
            cell,
            in.tensor(0),
            h0 == null ? null : new Recurrent.State(h0, in.optional(2)),
            new Recurrent.Weights(in.tensor(3), in.tensor(4), in.optional(5), in.optional(6)),
            in.flag("reverse"),
            in.optional(7));
    return outputs(result);
  }

  private static Tensor[] outputs(Recurrent.Result result) {
    Tensor c = result.state().cell();
    return c == null
        ? new Tensor[] {result.output(), result.state().hidden()}
        : new Tensor[] {result.output(), result.state().hidden(), c};
  }

  private void rejections(String name, Cell cell) {
    String operator = name.startsWith("rnn") ? "rnn" : name;
    Tensor x = Tensor.ones(4, 2, 3);
    Recurrent.Weights weights = weights(cell, 3);
    rejects(
        name,
        "an input of two dimensions",
        () -> layer(cell, Tensor.ones(4, 3), weights, null),
        ShapeException.class,
        operator,
        "[4, 3]",
        "[time, batch, features]");
    rejects(
        name,
        "no steps",
        () -> layer(cell, Tensor.ones(0, 2, 3), weights, null),
        ShapeException.class,
        operator,
        "[0, 2, 3]");
    rejects(
        name,
        "other features than the weights'",
        () -> layer(cell, x, weights(cell, 5), null),
        ShapeException.class,
        operator,
        "[4, 2, 3]",
        "input weight");
    rejects(
        name,
        "a length too many",
        () -> layer(cell, x, weights, Tensor.arange(3)),
        ShapeException.class,
        operator,
        "[3]",
        "[batch] = [2]");
    rejects(
        name,
        "lengths that are not integers",
        () -> layer(cell, x, weights, Tensor.ones(2)),
        DTypeException.class,
        operator,
        "F32",
        "I64");
  }

  private static Recurrent.Weights weights(Cell cell, long features) {
    return new Recurrent.Weights(
        Tensor.ones(cell.gates() * 2L, features), Tensor.ones(cell.gates() * 2L, 2), null, null);
  }

  private static Recurrent.Result layer(
      Cell cell, Tensor input, Recurrent.Weights weights, @Nullable Tensor lengths) {
    return Recurrent.layer(cell, input, null, weights, /* reverse= */ false, lengths);
  }
}
