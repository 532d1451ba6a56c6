package io.fulgur.tensor.cpu;

import io.fulgur.tensor.View;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Long short-term memory. A row of sums becomes {@code i, f, g, o, c'}. */
final class LstmCell extends RecurrentCell {
  private final Run[] runs;
  private final @Nullable FloatBuffer c0;

  LstmCell(RecurrentInputs in, View y, @Nullable View saved, View h, @Nullable View c) {
    super(in, y, saved, h, c);
    this.runs = new Run[] {new Run(0, 4 * hidden, 0, /* add= */ true)};
    this.c0 = in.c0 == null ? null : Memory.floats(in.c0);
  }

  @Override
  Run[] runs() {
    return runs;
  }

  @Override
  void activate(int time, int sequence, int rows, Scratch s) {
    FloatBuffer gates = requireSaved();
    FloatBuffer cells = requireC();
    int row = time * in.batch + sequence;
    int n = rows * hidden;
    int block = together() * hidden;
    float[] i = s.wide(0, block);
    float[] g = s.wide(1, block);
    float[] cell = s.wide(2, block);
    float[] tanh = s.wide(3, block);
    float[] f = s.wide(5, block);
    float[] o = s.wide(6, block);
    getBiased(gates, row, 0, i, rows, s);
    getBiased(gates, row, 1, f, rows, s);
    getBiased(gates, row, 2, g, rows, s);
    getBiased(gates, row, 3, o, rows, s);
    VectorExp.sigmoid(i, 0, n, s);
    VectorExp.sigmoid(f, 0, n, s);
    VectorExp.tanh(g, 0, n, s);
    VectorExp.sigmoid(o, 0, n, s);
    cells.get(sequence * hidden, cell, 0, n);
    if (in.hasLengths()) {
      float[] before = s.wide(4, block);
      System.arraycopy(cell, 0, before, 0, n);
      next(cell, i, f, g, n);
      keepEnded(time, sequence, rows, cell, before);
    } else {
      next(cell, i, f, g, n);
    }
    cells.put(sequence * hidden, cell, 0, n);
    System.arraycopy(cell, 0, tanh, 0, n);
    VectorExp.tanh(tanh, 0, n, s);
    multiply(tanh, o, n);
    put(gates, width, row, 0, i, rows);
    put(gates, width, row, hidden, f, rows);
    put(gates, width, row, 2 * hidden, g, rows);
    put(gates, width, row, 3 * hidden, o, rows);
    put(gates, width, row, 4 * hidden, cell, rows);
    putHidden(time, sequence, rows, tanh, s);
  }

  /** {@code c = f c + i g} */
  private static void next(float[] c, float[] i, float[] f, float[] g, int n) {
    for (int at = 0; at < n; at++) {
      c[at] = f[at] * c[at] + i[at] * g[at];
    }
  }

  @Override
  void differentiate(
      int step,
      int sequence,
      int rows,
      FloatBuffer dy,
      FloatBuffer dgates,
      float[] biases,
      Scratch s) {
    FloatBuffer gates = requireSaved();
    FloatBuffer dcells = requireC();
    int time = in.time(step);
    int row = time * in.batch + sequence;
    int n = rows * hidden;
    int block = together() * hidden;
    float[] dh = s.wide(0, block);
    float[] dc = s.wide(1, block);
    float[] tanh = s.wide(2, block);
    float[] gate = s.wide(3, block);
    float[] other = s.wide(4, block);
    float[] out = s.wide(5, block);
    getGradient(time, sequence, rows, dy, dh, out);
    dcells.get(sequence * hidden, dc, 0, n);
    get(gates, row, 4 * hidden, tanh, rows);
    VectorExp.tanh(tanh, 0, n, s);

    get(gates, row, 3 * hidden, gate, rows);
    ofOutputGate(dh, dc, tanh, gate, out, n);
    emit(3, row, rows, out, dgates, biases, s);

    if (in.hasLengths()) {
      // The gradient of a state that did not change passes by the gates.
      clearEnded(time, sequence, rows, dc);
    }
    get(gates, row, 0, gate, rows);
    get(gates, row, 2 * hidden, other, rows);
    ofSigmoid(dc, other, gate, out, n);
    emit(0, row, rows, out, dgates, biases, s);
    ofTanh(dc, gate, other, out, n);
    emit(2, row, rows, out, dgates, biases, s);

    get(gates, row, hidden, gate, rows);
    before(step, sequence, rows, other);
    ofSigmoid(dc, other, gate, out, n);
    emit(1, row, rows, out, dgates, biases, s);

    multiply(dc, gate, n);
    putDirect(dcells, time, sequence, rows, dc, out);
    Arrays.fill(dh, 0, n, 0f);
    putDirect(h, time, sequence, rows, dh, out);
  }

  /** Reads the cell state that a step began with. */
  private void before(int step, int sequence, int rows, float[] to) {
    if (step > 0) {
      int row = in.time(step - 1) * in.batch + sequence;
      get(requireSaved(), row, 4 * hidden, to, rows);
    } else if (c0 != null) {
      c0.get(sequence * hidden, to, 0, rows * hidden);
    }
  }

  /** Also adds to dc what comes through {@code h = o tanh(c)}. */
  private static void ofOutputGate(
      float[] dh, float[] dc, float[] tanh, float[] o, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = dh[i] * tanh[i] * o[i] * (1 - o[i]);
      dc[i] += dh[i] * o[i] * (1 - tanh[i] * tanh[i]);
    }
  }

  private static void ofSigmoid(float[] dc, float[] factor, float[] gate, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = dc[i] * factor[i] * gate[i] * (1 - gate[i]);
    }
  }

  private static void ofTanh(float[] dc, float[] factor, float[] gate, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = dc[i] * factor[i] * (1 - gate[i] * gate[i]);
    }
  }
}
