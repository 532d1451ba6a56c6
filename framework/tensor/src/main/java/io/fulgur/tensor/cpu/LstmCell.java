package io.fulgur.tensor.cpu;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Long short-term memory. A row of sums becomes {@code i, f, g, o}; beside it is {@code c'}. */
final class LstmCell extends RecurrentCell {
  private final @Nullable FloatBuffer c0;

  LstmCell(RecurrentInputs in, Operands operands) {
    super(in, operands);
    this.c0 = in.c0 == null ? null : Memory.floats(in.c0);
  }

  @Override
  void activate(int time, int sequence, int rows, Scratch s) {
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
    float[] all = read(gates, row, rows, s);
    takeBiased(all, 0, i, rows);
    takeBiased(all, 1, f, rows);
    takeBiased(all, 2, g, rows);
    takeBiased(all, 3, o, rows);
    RationalTanh.sigmoid(i, n);
    RationalTanh.sigmoid(f, n);
    RationalTanh.tanh(g, n);
    RationalTanh.sigmoid(o, n);
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
    inner.put(row * hidden, cell, 0, n);
    System.arraycopy(cell, 0, tanh, 0, n);
    RationalTanh.tanh(tanh, n);
    multiply(tanh, o, n);
    put(all, 0, i, rows);
    put(all, 1, f, rows);
    put(all, 2, g, rows);
    put(all, 3, o, rows);
    write(all, gates, row, rows);
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
      GateGradients to,
      float[][] sums,
      Scratch s) {
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
    inner.get(row * hidden, tanh, 0, n);
    RationalTanh.tanh(tanh, n);

    float[] all = read(gates, row, rows, s);
    take(all, 3, gate, rows);
    ofOutputGate(dh, dc, tanh, gate, out, n);
    put(all, 3, out, rows);
    addTo(sums[3], out, n);

    if (in.hasLengths()) {
      // The gradient of a state that did not change passes by the gates.
      clearEnded(time, sequence, rows, dc);
    }
    take(all, 0, gate, rows);
    take(all, 2, other, rows);
    ofSigmoid(dc, other, gate, out, n);
    put(all, 0, out, rows);
    addTo(sums[0], out, n);
    ofTanh(dc, gate, other, out, n);
    put(all, 2, out, rows);
    addTo(sums[2], out, n);

    take(all, 1, gate, rows);
    before(step, sequence, rows, other);
    ofSigmoid(dc, other, gate, out, n);
    put(all, 1, out, rows);
    addTo(sums[1], out, n);
    write(all, to.ofInput(), row, rows);

    multiply(dc, gate, n);
    putDirect(dcells, time, sequence, rows, dc, out);
    Arrays.fill(dh, 0, n, 0f);
    putDirect(h, time, sequence, rows, dh, out);
  }

  /** Reads the cell state that a step began with. */
  private void before(int step, int sequence, int rows, float[] to) {
    if (step > 0) {
      int row = in.time(step - 1) * in.batch + sequence;
      inner.get(row * hidden, to, 0, rows * hidden);
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
