package io.fulgur.nn;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Functional;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Recurrent;
import io.fulgur.tensor.functional.RecurrentOperators.Cell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Layers of a recurrent network on top of each other, over whole sequences.
 *
 * <p>Shapes: input {@code [batch, time, inputSize]}, output {@code [batch, time, directions ·
 * hiddenSize]}; a sequence alone may come as {@code [time, inputSize]}. Unlike PyTorch's, the batch
 * comes first unless {@link Builder#batchFirst} says otherwise. Each layer after the first sees the
 * outputs of the one below, those of both directions next to each other.
 *
 * <p>Parameters of layer k are {@code weightIhLk}, {@code weightHhLk}, {@code biasIhLk} and {@code
 * biasHhLk}, those of the backward direction end in {@code Reverse}; all start uniform in
 * ±1/√hiddenSize, as PyTorch's.
 *
 * @since 0.1
 */
public abstract sealed class RecurrentModule extends Module permits RNN, LSTM, GRU {
  @Inlined private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Cell cell;
  private final Builder<?> options;

  RecurrentModule(Cell cell, Builder<?> builder) {
    builder.check();
    this.cell = cell;
    this.options = builder.copy();
    Checks.require(
        options.projectionSize == 0 || cell == Cell.LSTM,
        "projectionSize is " + options.projectionSize + ", but only an LSTM has a projection.");
    double bound = 1 / Math.sqrt((double) options.hiddenSize);
    long rows = cell.gates() * options.hiddenSize;
    long outputSize = options.outputSize();
    for (int layer = 0; layer < options.layers; layer++) {
      long features = layer == 0 ? options.inputSize : options.directions() * outputSize;
      for (int direction = 0; direction < options.directions(); direction++) {
        add("weightIh", layer, direction, bound, rows, features);
        add("weightHh", layer, direction, bound, rows, outputSize);
        if (options.bias) {
          add("biasIh", layer, direction, bound, rows);
          add("biasHh", layer, direction, bound, rows);
        }
        if (options.projectionSize > 0) {
          add("weightHr", layer, direction, bound, outputSize, options.hiddenSize);
        }
      }
    }
  }

  private void add(String part, int layer, int direction, double bound, long... shape) {
    parameters.put(name(part, layer, direction), Initializers.uniformParameter(bound, shape));
  }

  private static String name(String part, int layer, int direction) {
    return part + "L" + layer + (direction == 0 ? "" : "Reverse");
  }

  /** Returns a parameter by its name, e.g. {@code weightIhL0}. */
  public final Parameter parameter(String name) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "%s has no parameter \"%s\"; there are %s.".formatted(this, name, parameters.keySet()));
    }
    return parameter;
  }

  /** Returns the outputs of the last layer, beginning with a state of zeros. */
  @Override
  public final Tensor forward(Tensor input) {
    return run(input, null, null).output();
  }

  /**
   * Runs over sequences of different lengths, or goes on from a state.
   *
   * @param initial the state to begin with, or null for zeros
   * @param lengths how many steps each sequence has, {@code [batch]} of {@code I64} in any order,
   *     or null where all have {@code time}; the numbers are those of PyTorch's packed sequences
   * @throws ShapeException if the shapes do not fit
   * @throws io.fulgur.error.FulgurException if the state is not one of this network
   */
  public final RecurrentOutput call(
      Tensor input, @Nullable RecurrentState initial, @Nullable Tensor lengths) {
    Tensor[] outputs =
        call(
            in -> {
              Tensor x = Checks.present(in[0], "input");
              Tensor hidden = in[1];
              RecurrentState state = hidden == null ? null : new RecurrentState(hidden, in[2]);
              RecurrentOutput out = run(x, state, in[3]);
              Tensor c = out.state().cell();
              return c == null
                  ? new Tensor[] {out.output(), out.state().hidden()}
                  : new Tensor[] {out.output(), out.state().hidden(), c};
            },
            input,
            initial == null ? null : initial.hidden(),
            initial == null ? null : initial.cell(),
            lengths);
    Tensor c = outputs.length > 2 ? outputs[2] : null;
    return new RecurrentOutput(outputs[0], new RecurrentState(outputs[1], c));
  }

  /** As {@link #call(Tensor, RecurrentState, Tensor)} of whole sequences. */
  public final RecurrentOutput call(Tensor input, @Nullable RecurrentState initial) {
    return call(input, initial, null);
  }

  private RecurrentOutput run(
      Tensor input, @Nullable RecurrentState initial, @Nullable Tensor lengths) {
    if (input.rank() == 2) {
      RecurrentOutput out =
          run(
              input.unsqueeze(options.batchFirst ? 0 : 1),
              initial == null ? null : map(initial, s -> s.unsqueeze(1)),
              lengths);
      return new RecurrentOutput(
          out.output().select(options.batchFirst ? 0 : 1, 0),
          map(out.state(), s -> s.select(1, 0)));
    }
    check(input, initial);
    Tensor x = options.batchFirst ? input.transpose(0, 1) : input;
    List<Tensor> hidden = new ArrayList<>();
    List<Tensor> cells = new ArrayList<>();
    for (int layer = 0; layer < options.layers; layer++) {
      if (layer > 0 && options.dropout > 0 && isTraining()) {
        x = Functional.dropout(x, options.dropout, Generator.defaultGenerator());
      }
      Tensor[] outputs = new Tensor[options.directions()];
      for (int direction = 0; direction < outputs.length; direction++) {
        int index = layer * options.directions() + direction;
        Recurrent.Result result = runLayer(layer, direction, x, begin(initial, index), lengths);
        outputs[direction] = result.output();
        hidden.add(result.state().hidden());
        Tensor c = result.state().cell();
        if (c != null) {
          cells.add(c);
        }
      }
      x = outputs.length == 1 ? outputs[0] : Tensor.concat(2, outputs);
    }
    return new RecurrentOutput(
        options.batchFirst ? x.transpose(0, 1) : x,
        new RecurrentState(stack(hidden), cells.isEmpty() ? null : stack(cells)));
  }

  private Recurrent.Result runLayer(
      int layer,
      int direction,
      Tensor x,
      Recurrent.@Nullable State initial,
      @Nullable Tensor lengths) {
    Recurrent.Weights weights = weights(layer, direction);
    boolean reverse = direction == 1;
    return options.projectionSize > 0
        ? Recurrent.projectedLstm(
            x, initial, weights, parameter(name("weightHr", layer, direction)), reverse, lengths)
        : Recurrent.layer(cell, x, initial, weights, reverse, lengths);
  }

  private static Tensor stack(List<Tensor> states) {
    return states.size() == 1
        ? states.get(0).unsqueeze(0)
        : Tensor.stack(0, states.toArray(Tensor[]::new));
  }

  private static Recurrent.@Nullable State begin(@Nullable RecurrentState initial, int index) {
    if (initial == null) {
      return null;
    }
    Tensor c = initial.cell();
    return new Recurrent.State(
        initial.hidden().select(0, index), c == null ? null : c.select(0, index));
  }

  private Recurrent.Weights weights(int layer, int direction) {
    return new Recurrent.Weights(
        parameter(name("weightIh", layer, direction)),
        parameter(name("weightHh", layer, direction)),
        parameters.get(name("biasIh", layer, direction)),
        parameters.get(name("biasHh", layer, direction)));
  }

  private static RecurrentState map(RecurrentState state, Function<Tensor, Tensor> function) {
    Tensor c = state.cell();
    return new RecurrentState(function.apply(state.hidden()), c == null ? null : function.apply(c));
  }

  private void check(Tensor input, @Nullable RecurrentState initial) {
    if (input.rank() != 3 || input.size(2) != options.inputSize) {
      throw ShapeException.mismatch(
          toString(),
          "the input must be "
              + (options.batchFirst ? "[batch, time, " : "[time, batch, ")
              + options.inputSize
              + "]",
          input.shape());
    }
    if (initial != null) {
      Checks.require(
          !cell.hasCellState() || initial.cell() != null,
          this + " was given a state without the cell state.");
      long batch = input.size(options.batchFirst ? 0 : 1);
      Shape expected =
          Shape.of((long) options.layers * options.directions(), batch, options.outputSize());
      if (!initial.hidden().shape().equals(expected)) {
        throw ShapeException.mismatch(
            toString(),
            "the initial state must be [layers · directions, batch, outputSize] = " + expected,
            input.shape(),
            initial.hidden().shape());
      }
    }
  }

  @Override
  public String toString() {
    return "%s(inputSize=%d, hiddenSize=%d%s)"
        .formatted(simpleName(), options.inputSize, options.hiddenSize, options.others());
  }

  /**
   * The options of a recurrent network.
   *
   * @param <M> the network
   * @since 0.1
   */
  public static final class Builder<M extends RecurrentModule> {
    private final Function<Builder<M>, M> constructor;
    private final long inputSize;
    private final long hiddenSize;
    private int layers = 1;
    private boolean bias = true;
    private boolean batchFirst = true;
    private double dropout;
    private boolean bidirectional;
    private long projectionSize;

    Builder(Function<Builder<M>, M> constructor, long inputSize, long hiddenSize) {
      this.constructor = constructor;
      this.inputSize = inputSize;
      this.hiddenSize = hiddenSize;
    }

    /** Sets how many layers lie on top of each other; 1 by default. */
    public Builder<M> layers(int count) {
      layers = count;
      return this;
    }

    /** Sets whether there are biases, as there are by default. */
    public Builder<M> bias(boolean present) {
      bias = present;
      return this;
    }

    /**
     * Sets whether inputs and outputs are {@code [batch, time, features]}, as they are by default,
     * or {@code [time, batch, features]}.
     */
    public Builder<M> batchFirst(boolean first) {
      batchFirst = first;
      return this;
    }

    /** Sets the probability of dropout between layers in training mode; 0 by default. */
    public Builder<M> dropout(double p) {
      dropout = p;
      return this;
    }

    /** Sets whether each layer also goes over the sequence from its end; not by default. */
    public Builder<M> bidirectional(boolean both) {
      bidirectional = both;
      return this;
    }

    /**
     * Sets to what size the hidden state of an LSTM is projected, as {@code proj_size} of {@code
     * torch.nn.LSTM}; 0, the default, for no projection. Outputs and hidden states then have that
     * size, cell states {@code hiddenSize}, and each layer has a {@code weightHrLk}. Such a network
     * runs step by step, several times slower than one without.
     */
    public Builder<M> projectionSize(long size) {
      projectionSize = size;
      return this;
    }

    /**
     * Makes the network.
     *
     * @throws io.fulgur.error.FulgurException if a size is not positive, dropout is not a
     *     probability, there is dropout with one layer, or the projection is not smaller than the
     *     hidden state or not that of an LSTM
     */
    public M build() {
      return constructor.apply(this);
    }

    private void check() {
      Checks.require(
          inputSize > 0 && hiddenSize > 0 && layers > 0,
          "A recurrent network of inputSize=%d, hiddenSize=%d, layers=%d: all must be positive."
              .formatted(inputSize, hiddenSize, layers));
      Checks.require(
          dropout >= 0 && dropout <= 1,
          "dropout is " + dropout + "; allowed is a probability, 0 to 1.");
      Checks.require(
          projectionSize >= 0 && projectionSize < hiddenSize,
          "projectionSize is %d; allowed is less than hiddenSize=%d, or 0 for no projection."
              .formatted(projectionSize, hiddenSize));
      Checks.require(
          dropout == 0 || layers > 1,
          "dropout is between layers, but there is only one; use layers(2) or more, or a Dropout"
              + " after the network.");
    }

    private Builder<M> copy() {
      return new Builder<>(constructor, inputSize, hiddenSize)
          .layers(layers)
          .bias(bias)
          .batchFirst(batchFirst)
          .dropout(dropout)
          .bidirectional(bidirectional)
          .projectionSize(projectionSize);
    }

    private long outputSize() {
      return projectionSize > 0 ? projectionSize : hiddenSize;
    }

    private int directions() {
      return bidirectional ? 2 : 1;
    }

    private String others() {
      return (layers == 1 ? "" : ", layers=" + layers)
          + (bias ? "" : ", bias=false")
          + (batchFirst ? "" : ", batchFirst=false")
          + (dropout == 0 ? "" : ", dropout=" + dropout)
          + (bidirectional ? ", bidirectional=true" : "")
          + (projectionSize == 0 ? "" : ", projectionSize=" + projectionSize);
    }
  }
}
