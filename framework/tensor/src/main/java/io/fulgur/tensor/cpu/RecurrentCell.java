package io.fulgur.tensor.cpu;

import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.RecurrentOperators;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a step of a recurrent layer does beside matrix products, and with which parts of them.
 *
 * <p>The products write sums into {@link #sums}, row {@code t N + n} for sequence n at time t.
 * {@link #activate} turns some rows of one time into the next state. In the backward pass {@link
 * #differentiate} turns the state's gradient into those of the sums.
 */
abstract class RecurrentCell {
  /** A part of the gates whose products with the hidden state go to consecutive columns. */
  record Run(int weightRow, int rows, int column, boolean add) {}

  final RecurrentInputs in;
  final int hidden;

  /** Columns of {@link #sums}. */
  final int width;

  /** The outputs {@code [T, N, H]}. */
  final FloatBuffer y;

  final @Nullable FloatBuffer saved;

  /** Where the products go. */
  final View sums;

  // The state, as it is at the present step: in the backward pass its gradient.
  final FloatBuffer h;
  final @Nullable FloatBuffer c;

  final float[] biasIh;
  final float[] biasHh;

  /** Makes a cell on outputs of the forward pass. */
  RecurrentCell(RecurrentInputs in, View y, @Nullable View saved, View h, @Nullable View c) {
    this.in = in;
    this.hidden = in.hidden;
    this.y = Memory.floats(y);
    this.saved = saved == null ? null : Memory.floats(saved);
    this.sums = saved == null ? y : saved;
    this.width = (int) sums.shape().size(2);
    this.h = Memory.floats(h);
    this.c = c == null ? null : Memory.floats(c);
    this.biasIh = new float[in.gateRows()];
    this.biasHh = new float[in.gateRows()];
  }

  static RecurrentCell forward(OpCall call, RecurrentInputs in) {
    boolean twoStates = in.layer.cell().hasCellState();
    int last = call.outputs() - 1;
    return of(
        in,
        call.output(0),
        in.layer.cell().saved() > 0 ? call.output(last) : null,
        call.output(1),
        twoStates ? call.output(2) : null);
  }

  static RecurrentCell backward(OpCall call, RecurrentInputs in) {
    int after = RecurrentOperators.forwardInputs(in.layer) + RecurrentOperators.inputs(in.layer);
    return of(
        in,
        call.input(after),
        in.layer.cell().saved() > 0 ? call.input(after + 1) : null,
        call.output(0),
        in.layer.cell().hasCellState() ? call.output(1) : null);
  }

  private static RecurrentCell of(
      RecurrentInputs in, View y, @Nullable View saved, View h, @Nullable View c) {
    return switch (in.layer.cell()) {
      case LSTM -> new LstmCell(in, y, saved, h, c);
      case GRU -> new GruCell(in, y, saved, h);
      case TANH, RELU -> new ElmanCell(in, y, h);
    };
  }

  /** Returns the products of the hidden state. */
  abstract Run[] runs();

  /** Computes the next state of some sequences from the sums. */
  abstract void activate(int time, int sequence, int rows, Scratch s);

  /**
   * Computes the gradients of the sums of some sequences, and leaves in {@link #h} what of the
   * state's gradient passes by the products.
   *
   * @param step the number of the step, of which the time follows
   * @param dy the gradient of all outputs
   * @param dgates where to write to
   * @param biases sums to add them to
   */
  abstract void differentiate(
      int step,
      int sequence,
      int rows,
      FloatBuffer dy,
      FloatBuffer dgates,
      float[] biases,
      Scratch s);

  /** Returns how many sequences are treated together. */
  final int together() {
    return Math.max(1, Scratch.BLOCK / hidden);
  }

  final FloatBuffer requireSaved() {
    if (saved == null) {
      throw new IllegalStateException("This cell saves nothing");
    }
    return saved;
  }

  final FloatBuffer requireC() {
    if (c == null) {
      throw new IllegalStateException("This cell has no cell state");
    }
    return c;
  }

  /** Reads one gate of some rows of sums, so that those of several rows lie together. */
  final void get(FloatBuffer from, int firstRow, int column, float[] to, int rows) {
    for (int r = 0; r < rows; r++) {
      from.get((firstRow + r) * width + column, to, r * hidden, hidden);
    }
  }

  /** Reads a gate's sums and adds its bias. */
  final void getBiased(FloatBuffer from, int row, int gate, float[] to, int rows, Scratch s) {
    get(from, row, gate * hidden, to, rows);
    addBias(to, rows, biasIh, gate * hidden, s);
  }

  /** Writes one gate of some rows. */
  final void put(FloatBuffer to, int toWidth, int firstRow, int column, float[] from, int rows) {
    for (int r = 0; r < rows; r++) {
      to.put((firstRow + r) * toWidth + column, from, r * hidden, hidden);
    }
  }

  /*
   * HotSpot makes vector instructions of loops over arrays only where all are read from the same
   * place, so what is at others is copied to the beginning of one first.
   */

  /** Adds a gate's bias to each of some rows. */
  final void addBias(float[] x, int rows, float[] bias, int from, Scratch s) {
    float[] repeated = s.wide(7, together() * hidden);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(bias, from, repeated, r * hidden, hidden);
    }
    addTo(x, repeated, rows * hidden);
  }

  /** Adds a gate's gradients up over some rows. */
  final void sumRows(float[] x, int rows, float[] sums, int to, Scratch s) {
    float[] sum = s.wide(6, together() * hidden);
    float[] row = s.wide(7, together() * hidden);
    System.arraycopy(sums, to, sum, 0, hidden);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(x, r * hidden, row, 0, hidden);
      addTo(sum, row, hidden);
    }
    System.arraycopy(sum, 0, sums, to, hidden);
  }

  /** Writes the gradients of one of four gates, and adds them up for its biases. */
  final void emit(
      int gate,
      int row,
      int rows,
      float[] gradient,
      FloatBuffer dgates,
      float[] biases,
      Scratch s) {
    put(dgates, 4 * hidden, row, gate * hidden, gradient, rows);
    sumRows(gradient, rows, biases, gate * hidden, s);
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
