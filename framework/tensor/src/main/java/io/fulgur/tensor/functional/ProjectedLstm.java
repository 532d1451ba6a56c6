package io.fulgur.tensor.functional;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Recurrent.Result;
import io.fulgur.tensor.functional.Recurrent.State;
import io.fulgur.tensor.functional.Recurrent.Weights;
import org.jspecify.annotations.Nullable;

/**
 * An LSTM whose hidden state is projected before the next step reads it, step by step; the products
 * with the inputs of all steps are one.
 */
final class ProjectedLstm {
  private final Weights weights;
  private final Tensor projection;
  private final long size;

  ProjectedLstm(Weights weights, Tensor projection) {
    this.weights = weights;
    this.projection = projection;
    this.size = projection.size(1);
  }

  Result run(Tensor input, @Nullable State initial, boolean reverse, @Nullable Tensor lengths) {
    int time = Math.toIntExact(input.size(0));
    long batch = input.size(1);
    Tensor fromInputs = input.linear(weights.inputHidden(), weights.inputBias());
    Tensor h =
        initial == null ? Tensor.zeros(input.dtype(), batch, projection.size(0)) : initial.hidden();
    Tensor c = initial == null ? null : initial.cell();
    if (c == null) {
      c = Tensor.zeros(input.dtype(), batch, size);
    }
    Tensor[] outputs = new Tensor[time];
    for (int step = 0; step < time; step++) {
      int t = reverse ? time - 1 - step : step;
      Tensor gates =
          fromInputs.select(0, t).add(h.linear(weights.hiddenHidden(), weights.hiddenBias()));
      Tensor in = gate(gates, 0).sigmoid().mul(gate(gates, 2).tanh());
      Tensor nextCell = gate(gates, 1).sigmoid().mul(c).add(in);
      Tensor next = gate(gates, 3).sigmoid().mul(nextCell.tanh()).linear(projection, null);
      if (lengths == null) {
        outputs[t] = next;
        h = next;
        c = nextCell;
      } else {
        Tensor runs = lengths.gt(t).unsqueeze(1);
        outputs[t] = Tensor.where(runs, next, Tensor.zerosLike(next));
        h = Tensor.where(runs, next, h);
        c = Tensor.where(runs, nextCell, c);
      }
    }
    return new Result(Tensor.stack(0, outputs), new State(h, c));
  }

  private Tensor gate(Tensor gates, int index) {
    return gates.slice(1, index * size, (index + 1) * size);
  }
}
