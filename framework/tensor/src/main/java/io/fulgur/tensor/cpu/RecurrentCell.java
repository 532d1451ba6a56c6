package io.fulgur.tensor.cpu;

import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.RecurrentOperators;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a step of a recurrent layer does beside matrix products.
 *
 * <p>The products write sums into {@link #sums}, row {@code t N + n} for sequence n at time t.
 * {@link #activate} turns some rows of one time into the next state. In the backward pass {@link
 * #differentiate} turns the state's gradient into those of the sums.
 */
abstract class RecurrentCell {
  /** The scratch array of all gates. */
  private static final int ALL = 8;

  final RecurrentInputs in;
  final int hidden;

  /** Columns of {@link #sums}. */
  final int width;

  /** The outputs {@code [T, N, H]}. */
  final FloatBuffer y;

  /** Where the products go: what becomes the gates, or the outputs where there are no gates. */
  final View sums;

  /** The sums as the gates that they become, and what is saved beside them. */
  final FloatBuffer gates;

  final FloatBuffer inner;

  // The state, as it is at the present step: in the backward pass its gradient.
  final FloatBuffer h;
  final @Nullable FloatBuffer c;

  final float[] biasIh;
  final float[] biasHh;

  /** The bias that each gate's sums need, repeated for as many rows as are treated together. */
  private final float[][] biases;

  /** The memory that a cell works on, in the order of the operators' operands. */
  record Operands(View y, @Nullable View gates, @Nullable View inner, View h, @Nullable View c) {}

  /** Makes a cell on outputs of the forward pass. */
  RecurrentCell(RecurrentInputs in, Operands operands) {
    this.in = in;
    this.hidden = in.hidden;
    this.y = Memory.floats(operands.y);
    this.sums = operands.gates == null ? operands.y : operands.gates;
    this.gates = Memory.floats(sums);
    this.inner = operands.inner == null ? y : Memory.floats(operands.inner);
    this.width = (int) sums.shape().size(2);
    this.h = Memory.floats(operands.h);
    this.c = operands.c == null ? null : Memory.floats(operands.c);
    this.biasIh = new float[in.gateRows()];
    this.biasHh = new float[in.gateRows()];
    this.biases = new float[in.layer.cell().gates()][together() * hidden];
  }

  static RecurrentCell forward(OpCall call, RecurrentInputs in) {
    RecurrentOperators.Cell kind = in.layer.cell();
    int saved = kind.hasCellState() ? 3 : 2;
    return of(
        in,
        new Operands(
            call.output(0),
            kind.isGated() ? call.output(saved) : null,
            kind.isGated() ? call.output(saved + 1) : null,
            call.output(1),
            kind.hasCellState() ? call.output(2) : null));
  }

  static RecurrentCell backward(OpCall call, RecurrentInputs in) {
    RecurrentOperators.Cell kind = in.layer.cell();
    int after = RecurrentOperators.forwardInputs(in.layer) + RecurrentOperators.inputs(in.layer);
    return of(
        in,
        new Operands(
            call.input(after),
            kind.isGated() ? call.input(after + 1) : null,
            kind.isGated() ? call.input(after + 2) : null,
            call.output(0),
            kind.hasCellState() ? call.output(1) : null));
  }

  private static RecurrentCell of(RecurrentInputs in, Operands operands) {
    return switch (in.layer.cell()) {
      case LSTM -> new LstmCell(in, operands);
      case GRU -> new GruCell(in, operands);
      case TANH, RELU -> new ElmanCell(in, operands);
    };
  }

  /**
   * Returns where the products of the hidden state go at each step, {@code [N, G H]}, or null where
   * they are added to {@link #sums}.
   */
  Sgemm.@Nullable Matrix hiddenSums() {
    return null;
  }

  /** Computes the next state of some sequences from the sums. */
  abstract void activate(int time, int sequence, int rows, Scratch s);

  /**
   * Computes the gradients of the sums of some sequences, and leaves in {@link #h} what of the
   * state's gradient passes by the products.
   *
   * @param step the number of the step, of which the time follows
   * @param dy the gradient of all outputs
   * @param to where to write to
   * @param sums what they are added to, for each of {@link #biasSums} and each place in a row of
   *     those that are treated together
   */
  abstract void differentiate(
      int step,
      int sequence,
      int rows,
      FloatBuffer dy,
      GateGradients to,
      float[][] sums,
      Scratch s);

  /**
   * The gradients of what the input and the hidden state made, {@code [T, N, G H]}; the same memory
   * where they are equal.
   */
  record GateGradients(FloatBuffer ofInput, FloatBuffer ofHidden) {}

  /** Returns of how many gates both biases' gradients consist. */
  int biasSums() {
    return in.layer.cell().gates();
  }

  /** Returns how many sequences are treated together. */
  final int together() {
    return Math.max(1, Scratch.BLOCK / hidden);
  }

  final FloatBuffer requireC() {
    if (c == null) {
      throw new IllegalStateException("This cell has no cell state");
    }
    return c;
  }

  /** Reads the biases, adding up those that are always added. */
  void readBiases() {
    in.biases(biasIh, biasHh);
    addTo(biasIh, biasHh, addedBiases());
    for (int gate = 0; gate < biases.length; gate++) {
      repeat(biasIh, gate, biases[gate]);
    }
  }

  /** Returns how many of the hidden state's biases are added to the input's. */
  int addedBiases() {
    return in.gateRows();
  }

  final void repeat(float[] bias, int gate, float[] to) {
    for (int at = 0; at < to.length; at += hidden) {
      System.arraycopy(bias, gate * hidden, to, at, hidden);
    }
  }

  /*
   * HotSpot makes vector instructions of loops over arrays only where all are read from the same
   * place, so the gates, which lie side by side in each row, are copied to arrays of their own.
   */

  /** Reads all gates of some rows, to take them one by one. */
  final float[] read(FloatBuffer from, int firstRow, int rows, Scratch s) {
    float[] all = s.wide(ALL, together() * width);
    from.get(firstRow * width, all, 0, rows * width);
    return all;
  }

  /** Takes one gate. */
  final void take(float[] all, int gate, float[] to, int rows) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(all, r * width + gate * hidden, to, r * hidden, hidden);
    }
  }

  /** Takes one gate's sums and adds its bias. */
  final void takeBiased(float[] all, int gate, float[] to, int rows) {
    take(all, gate, to, rows);
    addTo(to, biases[gate], rows * hidden);
  }

  /** Puts one gate back. */
  final void put(float[] all, int gate, float[] from, int rows) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(from, r * hidden, all, r * width + gate * hidden, hidden);
    }
  }

  /** Writes all gates of some rows. */
  final void write(float[] all, FloatBuffer to, int firstRow, int rows) {
    to.put(firstRow * width, all, 0, rows * width);
  }

  static void addTo(float[] y, float[] x, int n) {
    for (int i = 0; i < n; i++) {
      y[i] += x[i];
    }
  }

  static void multiply(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      x[i] *= y[i];
    }
  }

  /** Undoes a step for sequences that have ended, of the state {@code next}. */
  final void keepEnded(int time, int sequence, int rows, float[] next, float[] before) {
    for (int r = 0; r < rows; r++) {
      if (!in.isPresent(time, sequence + r)) {
        System.arraycopy(before, r * hidden, next, r * hidden, hidden);
      }
    }
  }

  /** Zeroes the rows of sequences that have ended. */
  final void clearEnded(int time, int sequence, int rows, float[] x) {
    for (int r = 0; r < rows; r++) {
      if (!in.isPresent(time, sequence + r)) {
        Arrays.fill(x, r * hidden, (r + 1) * hidden, 0f);
      }
    }
  }

  /** Writes a new hidden state into the outputs and the state. */
  final void putHidden(int time, int sequence, int rows, float[] next, Scratch s) {
    int at = sequence * hidden;
    int n = rows * hidden;
    if (in.hasLengths()) {
      float[] before = s.wide(7, together() * hidden);
      h.get(at, before, 0, n);
      clearEnded(time, sequence, rows, next);
      y.put(time * in.batch * hidden + at, next, 0, n);
      keepEnded(time, sequence, rows, next, before);
    } else {
      y.put(time * in.batch * hidden + at, next, 0, n);
    }
    h.put(at, next, 0, n);
  }

  /**
   * Reads the gradient of the hidden state: what came from later steps and from the output; of
   * sequences that have ended, zeros.
   */
  final void getGradient(
      int time, int sequence, int rows, FloatBuffer dy, float[] to, float[] scratch) {
    int at = sequence * hidden;
    int n = rows * hidden;
    h.get(at, to, 0, n);
    dy.get(time * in.batch * hidden + at, scratch, 0, n);
    addTo(to, scratch, n);
    if (in.hasLengths()) {
      clearEnded(time, sequence, rows, to);
    }
  }

  /** Writes the part of the state's gradient that passes by the products. */
  final void putDirect(
      FloatBuffer state, int time, int sequence, int rows, float[] direct, float[] scratch) {
    int at = sequence * hidden;
    int n = rows * hidden;
    if (in.hasLengths()) {
      state.get(at, scratch, 0, n);
      keepEnded(time, sequence, rows, direct, scratch);
    }
    state.put(at, direct, 0, n);
  }
}
