package io.fulgur.tensor.functional;

import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.RecurrentOperators.Cell;
import io.fulgur.tensor.functional.RecurrentOperators.Layer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The recurrent operators step by step, out of products and element-wise functions. */
final class RecurrentCompositions {
  private RecurrentCompositions() {}

  /** The inputs of a layer by name. */
  private record Inputs(
      Layer layer,
      Tensor x,
      Tensor h0,
      @Nullable Tensor c0,
      Tensor weightIh,
      Tensor weightHh,
      @Nullable Tensor biasIh,
      @Nullable Tensor biasHh,
      @Nullable Tensor lengths) {

    static Inputs of(Layer layer, Tensor[] in, int first) {
      int w = first + RecurrentOperators.weights(layer);
      int last = first + RecurrentOperators.inputs(layer) - 1;
      return new Inputs(
          layer,
          in[first],
          in[first + 1],
          layer.cell().hasCellState() ? in[first + 2] : null,
          in[w],
          in[w + 1],
          layer.bias() ? in[w + 2] : null,
          layer.bias() ? in[w + 3] : null,
          layer.lengths() ? in[last] : null);
    }

    int steps() {
      return (int) x.size(0);
    }

    /** Returns the time of a step; before the first step it is that of no step. */
    int time(int step) {
      return layer.reverse() ? steps() - 1 - step : step;
    }

    /** Returns 1 for sequences that have a step at a time and 0 for others, {@code [N, 1]}. */
    @Nullable Tensor present(int time) {
      return lengths == null ? null : lengths.gt(time).to(x.dtype()).unsqueeze(1);
    }

    long hidden() {
      return h0.size(1);
    }
  }

  static Tensor[] forward(OpCall call, Tensor... tensors) {
    Inputs in = Inputs.of(RecurrentOperators.layer(call), tensors, 0);
    Cell cell = in.layer.cell();
    int steps = in.steps();
    Tensor projected = in.x.linear(in.weightIh, in.biasIh);
    Tensor[] outputs = new Tensor[steps];
    Tensor[] gates = new Tensor[steps];
    Tensor[] inner = new Tensor[steps];
    Tensor h = in.h0;
    Tensor c = in.c0;
    for (int step = 0; step < steps; step++) {
      int t = in.time(step);
      Tensor recurrent = h.linear(in.weightHh, in.biasHh);
      Tensor present = in.present(t);
      Tensor next;
      if (cell == Cell.LSTM && c != null) {
        Tensor sums = projected.select(0, t).add(recurrent);
        Tensor i = gate(sums, 0, in).sigmoid();
        Tensor f = gate(sums, 1, in).sigmoid();
        Tensor g = gate(sums, 2, in).tanh();
        Tensor o = gate(sums, 3, in).sigmoid();
        Tensor nextCell = f.mul(c).add(i.mul(g));
        next = o.mul(nextCell.tanh());
        c = select(present, nextCell, c);
        gates[t] = Tensor.concat(1, i, f, g, o);
        inner[t] = c;
      } else if (cell == Cell.GRU) {
        Tensor x = projected.select(0, t);
        Tensor r = gate(x, 0, in).add(gate(recurrent, 0, in)).sigmoid();
        Tensor z = gate(x, 1, in).add(gate(recurrent, 1, in)).sigmoid();
        inner[t] = gate(recurrent, 2, in);
        Tensor n = gate(x, 2, in).add(r.mul(inner[t])).tanh();
        next = n.add(z.mul(h.sub(n)));
        gates[t] = Tensor.concat(1, r, z, n);
      } else {
        Tensor sum = projected.select(0, t).add(recurrent);
        next = cell == Cell.RELU ? sum.relu() : sum.tanh();
      }
      outputs[t] = present == null ? next : next.mul(present);
      h = select(present, next, h);
    }
    List<Tensor> results = new ArrayList<>();
    results.add(Tensor.stack(0, outputs));
    results.add(h);
    if (c != null) {
      results.add(c);
    }
    if (cell.isGated()) {
      results.add(Tensor.stack(0, gates));
      results.add(Tensor.stack(0, inner));
    }
    return results.toArray(Tensor[]::new);
  }

  private static Tensor gate(Tensor gates, int index, Inputs in) {
    return gates.slice(1, index * in.hidden(), (index + 1) * in.hidden());
  }

  private static Tensor select(@Nullable Tensor present, Tensor yes, Tensor no) {
    return present == null ? yes : Tensor.where(present.gt(0), yes, no);
  }

  static Tensor[] backward(OpCall call, Tensor... tensors) {
    Layer layer = RecurrentOperators.layer(call);
    Cell cell = layer.cell();
    int first = RecurrentOperators.forwardInputs(layer);
    Inputs in = Inputs.of(layer, tensors, first);
    int after = first + RecurrentOperators.inputs(layer);
    Tensor y = tensors[after];
    Tensor gates = cell.isGated() ? tensors[after + 1] : null;
    Tensor inner = cell.isGated() ? tensors[after + 2] : null;
    int steps = in.steps();
    Tensor dh = tensors[1];
    Tensor dc = cell.hasCellState() ? tensors[2] : null;
    Tensor dweightHh = Tensor.zerosLike(in.weightHh);
    Tensor[] dgates = new Tensor[steps];
    Tensor[] dhidden = cell.hasHiddenGradients() ? new Tensor[steps] : dgates;
    for (int step = steps - 1; step >= 0; step--) {
      int t = in.time(step);
      Tensor present = in.present(t);
      Tensor grad = dh.add(tensors[0].select(0, t));
      Tensor direct = null;
      Tensor before = hiddenBefore(in, y, step);
      if (cell == Cell.LSTM && gates != null && inner != null && dc != null && in.c0 != null) {
        Tensor s = gates.select(0, t);
        Tensor i = gate(s, 0, in);
        Tensor f = gate(s, 1, in);
        Tensor g = gate(s, 2, in);
        Tensor o = gate(s, 3, in);
        Tensor tanh = inner.select(0, t).tanh();
        Tensor cellBefore = step == 0 ? in.c0 : inner.select(0, in.time(step - 1));
        Tensor dcell = dc.add(grad.mul(o).mul(oneMinus(tanh.square())));
        dgates[t] =
            Tensor.concat(
                1,
                dcell.mul(g).mul(logistic(i)),
                dcell.mul(cellBefore).mul(logistic(f)),
                dcell.mul(i).mul(oneMinus(g.square())),
                grad.mul(tanh).mul(logistic(o)));
        dc = select(present, dcell.mul(f), dc);
      } else if (cell == Cell.GRU && gates != null && inner != null) {
        Tensor s = gates.select(0, t);
        Tensor r = gate(s, 0, in);
        Tensor z = gate(s, 1, in);
        Tensor n = gate(s, 2, in);
        Tensor dn = grad.mul(oneMinus(z)).mul(oneMinus(n.square()));
        Tensor dr = dn.mul(inner.select(0, t)).mul(logistic(r));
        Tensor dz = grad.mul(before.sub(n)).mul(logistic(z));
        dgates[t] = Tensor.concat(1, dr, dz, dn);
        dhidden[t] = only(present, Tensor.concat(1, dr, dz, dn.mul(r)));
        direct = grad.mul(z);
      } else {
        Tensor value = y.select(0, t);
        Tensor slope = cell == Cell.RELU ? value.gt(0).to(value.dtype()) : oneMinus(value.square());
        dgates[t] = grad.mul(slope);
      }
      dgates[t] = only(present, dgates[t]);
      dweightHh = dweightHh.add(dhidden[t].transpose(0, 1).matmul(before));
      Tensor next = dhidden[t].matmul(in.weightHh);
      dh = select(present, direct == null ? next : next.add(direct), dh);
    }
    Tensor all = Tensor.stack(0, dgates);
    Tensor ofInput = all.reshape(-1, all.size(2));
    Tensor hidden = cell.hasHiddenGradients() ? Tensor.stack(0, dhidden) : all;
    List<Tensor> results = new ArrayList<>();
    results.add(dh);
    if (dc != null) {
      results.add(dc);
    }
    results.add(ofInput.transpose(0, 1).matmul(in.x.reshape(-1, in.x.size(2))));
    results.add(dweightHh);
    if (layer.bias()) {
      results.add(ofInput.sum(false, 0));
      results.add(hidden.sum(false, 0, 1));
    }
    results.add(all);
    if (cell.hasHiddenGradients()) {
      results.add(hidden);
    }
    if (layer.inputGradient()) {
      results.add(ofInput.matmul(in.weightIh).reshape(in.x.shape().toArray()));
    }
    return results.toArray(Tensor[]::new);
  }

  /** Returns the state that a step began with; where it had no step, any. */
  private static Tensor hiddenBefore(Inputs in, Tensor y, int step) {
    if (step == 0) {
      return in.h0;
    }
    Tensor before = y.select(0, in.time(step - 1));
    if (!in.layer.reverse() || in.lengths == null) {
      return before;
    }
    // From behind, a shorter sequence begins later, where the output before is 0.
    Tensor begins = in.lengths.eq(in.time(step) + 1);
    return Tensor.where(begins.unsqueeze(1), in.h0, before);
  }

  private static Tensor only(@Nullable Tensor present, Tensor x) {
    return present == null ? x : x.mul(present);
  }

  private static Tensor oneMinus(Tensor x) {
    return x.neg().add(1);
  }

  /** Returns the derivative of the logistic function where it has this value. */
  private static Tensor logistic(Tensor value) {
    return value.mul(oneMinus(value));
  }
}
