package io.fulgur.tensor.functional;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Calls;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.Gradients;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.RecurrentOperators.Cell;
import io.fulgur.tensor.functional.RecurrentOperators.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Recurrent layers: the same step at every time, as {@code torch.nn.RNN}, {@code LSTM} and {@code
 * GRU} take them.
 *
 * <p>J. L. Elman, "Finding Structure in Time", 1990; S. Hochreiter, J. Schmidhuber, "Long
 * Short-Term Memory", 1997; K. Cho et al., "Learning Phrase Representations using RNN
 * Encoder-Decoder", 2014 (the GRU, with the reset gate after the product, as PyTorch and cuDNN have
 * it).
 *
 * @since 0.1
 */
public final class Recurrent {
  private static final double[] NO_SCALARS = {};

  private Recurrent() {}

  /**
   * The weights of one layer in one direction, for {@code G} gates.
   *
   * @param inputHidden {@code [G hidden, features]}
   * @param hiddenHidden {@code [G hidden, hidden]}
   * @param inputBias {@code [G hidden]}, or null together with the other bias
   * @param hiddenBias {@code [G hidden]}
   */
  public record Weights(
      Tensor inputHidden,
      Tensor hiddenHidden,
      @Nullable Tensor inputBias,
      @Nullable Tensor hiddenBias) {}

  /**
   * What a layer carries from step to step.
   *
   * @param hidden {@code [batch, hidden]}
   * @param cell likewise, of LSTM alone
   */
  public record State(Tensor hidden, @Nullable Tensor cell) {}

  /**
   * What a layer returns.
   *
   * @param output the hidden state after each step, {@code [time, batch, hidden]}, 0 after a
   *     sequence's end
   * @param state the state after each sequence's last step
   */
  public record Result(Tensor output, State state) {}

  /**
   * Runs one layer in one direction over sequences.
   *
   * @param input {@code [time, batch, features]}, at least one step
   * @param initial the state to begin with, or null for zeros
   * @param reverse whether to go from the last step to the first
   * @param lengths how many steps each sequence has, {@code [batch]} of {@code I64}, in any order
   *     and on to {@code time}; null where all have {@code time}. The numbers are those of
   *     PyTorch's packed sequences. A sequence of length 0 keeps its state.
   * @throws ShapeException if shapes do not fit
   * @throws DTypeException if types differ, are not floating-point, or lengths are not {@code I64}
   */
  public static Result layer(
      Cell cell,
      Tensor input,
      @Nullable State initial,
      Weights weights,
      boolean reverse,
      @Nullable Tensor lengths) {
    return run(cell, cast(input), castOptional(initial), cast(weights), reverse, lengths);
  }

  /**
   * Runs one layer of an LSTM whose hidden state is a projection, as {@code torch.nn.LSTM} with
   * {@code proj_size}: {@code h' = P (o tanh(c'))}.
   *
   * <p>H. Sak, A. Senior, F. Beaufays, "Long Short-Term Memory Based Recurrent Neural Network
   * Architectures for Large Vocabulary Speech Recognition", 2014.
   *
   * @param initial hidden state {@code [batch, projected]} and cell state {@code [batch, cells]},
   *     or null for zeros
   * @param weights as of {@link #layer}, but {@code hiddenHidden} is {@code [4 cells, projected]}
   * @param projection {@code P}, {@code [projected, cells]}
   * @throws ShapeException if shapes do not fit
   * @throws DTypeException if types differ, are not floating-point, or lengths are not {@code I64}
   */
  public static Result projectedLstm(
      Tensor input,
      @Nullable State initial,
      Weights weights,
      Tensor projection,
      boolean reverse,
      @Nullable Tensor lengths) {
    Tensor x = cast(input);
    State begin = castOptional(initial);
    Weights w = cast(weights);
    Tensor p = cast(projection);
    check(Cell.LSTM, x, begin, w, p, lengths);
    return new ProjectedLstm(w, p).run(x, begin, reverse, lengths);
  }

  private static Weights cast(Weights weights) {
    return new Weights(
        cast(weights.inputHidden()),
        cast(weights.hiddenHidden()),
        castOptional(weights.inputBias()),
        castOptional(weights.hiddenBias()));
  }

  private static @Nullable State castOptional(@Nullable State state) {
    return state == null ? null : new State(cast(state.hidden()), castOptional(state.cell()));
  }

  private static Tensor cast(Tensor x) {
    return Autocast.input(RecurrentOperators.RECURRENT, x);
  }

  private static @Nullable Tensor castOptional(@Nullable Tensor x) {
    return Autocast.optionalInput(RecurrentOperators.RECURRENT, x);
  }

  private static Result run(
      Cell cell,
      Tensor input,
      @Nullable State initial,
      Weights weights,
      boolean reverse,
      @Nullable Tensor lengths) {
    check(cell, input, initial, weights, null, lengths);
    Tensor x = input.contiguous();
    long hidden = weights.hiddenHidden().size(1);
    Tensor h0 = initial == null ? zeros(input, hidden) : initial.hidden().contiguous();
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(x);
    inputs.add(h0);
    if (cell.hasCellState()) {
      Tensor c0 = initial == null ? null : initial.cell();
      inputs.add(c0 == null ? zeros(input, hidden) : c0.contiguous());
    }
    inputs.add(weights.inputHidden().contiguous());
    inputs.add(weights.hiddenHidden().contiguous());
    Tensor inputBias = weights.inputBias();
    Tensor hiddenBias = weights.hiddenBias();
    boolean bias = inputBias != null && hiddenBias != null;
    if (inputBias != null && hiddenBias != null) {
      inputs.add(inputBias.contiguous());
      inputs.add(hiddenBias.contiguous());
    }
    if (lengths != null) {
      inputs.add(lengths.contiguous());
    }
    Tensor[] in = inputs.toArray(Tensor[]::new);
    Layer layer = new Layer(cell, reverse, bias, lengths != null, /* inputGradient= */ false);
    Tensor[] out = Calls.callAll(RecurrentOperators.RECURRENT, layer, NO_SCALARS, in);
    int results = cell.hasCellState() ? 3 : 2;
    if (Calls.tracks(in)) {
      record(layer, in, out, results);
    }
    for (int i = results; i < out.length; i++) {
      out[i].release();
    }
    if (initial == null) {
      for (int i = 1; i < results; i++) {
        in[i].release();
      }
    }
    return new Result(out[0], new State(out[1], cell.hasCellState() ? out[2] : null));
  }

  private static Tensor zeros(Tensor input, long hidden) {
    return Tensor.zeros(input.dtype(), input.size(1), hidden);
  }

  private static void record(Layer layer, Tensor[] in, Tensor[] out, int results) {
    Tensor[] differentiable = new Tensor[results];
    System.arraycopy(out, 0, differentiable, 0, results);
    List<Tensor> saved = new ArrayList<>(List.of(in));
    saved.add(out[0]);
    saved.addAll(Arrays.asList(out).subList(results, out.length));
    Calls.recordAll(
        differentiable,
        "recurrent",
        (grads, g) -> backward(layer, in, saved, differentiable, grads, g),
        saved.toArray(Tensor[]::new));
  }

  private static void backward(
      Layer forward,
      Tensor[] in,
      List<Tensor> saved,
      Tensor[] results,
      @Nullable Tensor[] grads,
      Gradients gradients) {
    Layer layer =
        new Layer(
            forward.cell(),
            forward.reverse(),
            forward.bias(),
            forward.lengths(),
            in[0].requiresGrad());
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> zeros = new ArrayList<>();
    for (int i = 0; i < results.length; i++) {
      Tensor grad = grads[i];
      if (grad == null) {
        grad = Tensor.zerosLike(results[i]);
        zeros.add(grad);
      }
      inputs.add(grad.contiguous());
    }
    inputs.addAll(saved);
    Tensor[] out =
        Calls.callAll(
            RecurrentOperators.RECURRENT_BACKWARD,
            layer,
            NO_SCALARS,
            inputs.toArray(Tensor[]::new));
    zeros.forEach(Tensor::release);
    int parameters = RecurrentOperators.inputs(layer) - (layer.lengths() ? 1 : 0);
    for (int i = 1; i < parameters; i++) {
      gradients.give(in[i], out[i - 1]);
    }
    int last = out.length - (layer.inputGradient() ? 1 : 0);
    for (int i = parameters - 1; i < last; i++) {
      out[i].release();
    }
    if (layer.inputGradient()) {
      gradients.give(in[0], out[last]);
    }
  }

  private static void check(
      Cell cell,
      Tensor input,
      @Nullable State initial,
      Weights weights,
      @Nullable Tensor projection,
      @Nullable Tensor lengths) {
    String name =
        cell == Cell.TANH || cell == Cell.RELU ? "rnn" : cell.name().toLowerCase(Locale.ROOT);
    Shape shape = input.shape();
    if (shape.rank() != 3 || shape.size(0) == 0) {
      throw ShapeException.mismatch(
          name, "the input must be [time, batch, features] with at least one step", shape);
    }
    if (!input.dtype().isFloating()) {
      throw DTypeException.unsupported(name, input.dtype(), "a floating-point input");
    }
    Shape hh = weights.hiddenHidden().shape();
    long hidden = hh.rank() == 2 ? hh.size(1) : 0;
    long cells = hidden;
    if (projection != null) {
      cells = projection.rank() == 2 ? projection.size(1) : 0;
      part(name, input, projection, "projection", hidden, cells);
    }
    long rows = cell.gates() * cells;
    part(name, input, weights.hiddenHidden(), "hidden weight", rows, hidden);
    part(name, input, weights.inputHidden(), "input weight", rows, shape.size(2));
    if ((weights.inputBias() == null) != (weights.hiddenBias() == null)) {
      throw ShapeException.invalid(name + " needs both biases or none");
    }
    part(name, input, weights.inputBias(), "input bias", rows);
    part(name, input, weights.hiddenBias(), "hidden bias", rows);
    if (initial != null) {
      part(name, input, initial.hidden(), "initial hidden state", shape.size(1), hidden);
      if (cell.hasCellState()) {
        part(name, input, initial.cell(), "initial cell state", shape.size(1), cells);
      }
    }
    if (lengths != null) {
      if (lengths.dtype() != DType.I64) {
        throw DTypeException.unsupported(name, lengths.dtype(), "lengths of I64");
      }
      if (lengths.rank() != 1 || lengths.size(0) != shape.size(1)) {
        throw ShapeException.mismatch(
            name, "lengths must be [batch] = [" + shape.size(1) + "]", shape, lengths.shape());
      }
    }
  }

  private static void part(
      String operator, Tensor input, @Nullable Tensor part, String name, long... sizes) {
    if (part == null) {
      return;
    }
    if (part.dtype() != input.dtype()) {
      throw DTypeException.mixed(operator, input.dtype(), part.dtype());
    }
    Shape expected = Shape.of(sizes);
    if (!part.shape().equals(expected)) {
      throw ShapeException.mismatch(
          operator, "the " + name + " must be " + expected, input.shape(), part.shape());
    }
  }
}
