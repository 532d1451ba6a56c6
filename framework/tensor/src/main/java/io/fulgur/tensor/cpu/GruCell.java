package io.fulgur.tensor.cpu;

import io.fulgur.tensor.View;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** Gated recurrent unit. A row of sums, {@code r, z, Wx, Uh}, becomes {@code r, z, n, Uh + c}. */
final class GruCell extends RecurrentCell {
  private final Run[] runs;
  private final FloatBuffer h0;

  GruCell(RecurrentInputs in, View y, @Nullable View saved, View h) {
    super(in, y, saved, h, null);
    this.runs =
        new Run[] {
          new Run(0, 2 * hidden, 0, /* add= */ true),
          new Run(2 * hidden, hidden, 3 * hidden, /* add= */ false)
        };
    this.h0 = Memory.floats(in.h0);
  }

  @Override
  Run[] runs() {
    return runs;
  }

  @Override
  void activate(int time, int sequence, int rows, Scratch s) {
    FloatBuffer gates = requireSaved();
    int row = time * in.batch + sequence;
    int n = rows * hidden;
    int block = together() * hidden;
    float[] r = s.wide(0, block);
    float[] inner = s.wide(1, block);
    float[] candidate = s.wide(2, block);
    float[] next = s.wide(3, block);
    float[] z = s.wide(4, block);
    getBiased(gates, row, 0, r, rows, s);
    getBiased(gates, row, 1, z, rows, s);
    getBiased(gates, row, 2, candidate, rows, s);
    get(gates, row, 3 * hidden, inner, rows);
    addBias(inner, rows, biasHh, 2 * hidden, s);
    VectorExp.sigmoid(r, 0, n, s);
    VectorExp.sigmoid(z, 0, n, s);
    addProduct(candidate, r, inner, n);
    VectorExp.tanh(candidate, 0, n, s);
    h.get(sequence * hidden, next, 0, n);
    next(next, z, candidate, n);
    put(gates, width, row, 0, r, rows);
    put(gates, width, row, hidden, z, rows);
    put(gates, width, row, 2 * hidden, candidate, rows);
    put(gates, width, row, 3 * hidden, inner, rows);
    putHidden(time, sequence, rows, next, s);
  }

  private static void addProduct(float[] y, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      y[i] += a[i] * b[i];
    }
  }

  /** {@code h = n + z (h - n)} */
  private static void next(float[] h, float[] z, float[] candidate, int n) {
    for (int i = 0; i < n; i++) {
      h[i] = candidate[i] + z[i] * (h[i] - candidate[i]);
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
    int time = in.time(step);
    int row = time * in.batch + sequence;
    int n = rows * hidden;
    int block = together() * hidden;
    float[] dh = s.wide(0, block);
    float[] z = s.wide(1, block);
    float[] candidate = s.wide(2, block);
    float[] r = s.wide(3, block);
    float[] other = s.wide(4, block);
    float[] out = s.wide(5, block);
    getGradient(time, sequence, rows, dy, dh, out);
    get(gates, row, hidden, z, rows);
    get(gates, row, 2 * hidden, candidate, rows);
    get(gates, row, 0, r, rows);

    before(step, sequence, rows, other);
    ofUpdate(dh, other, candidate, z, out, n);
    emit(1, row, rows, out, dgates, biases, s);

    ofCandidate(dh, z, candidate, out, n);
    emit(2, row, rows, out, dgates, biases, s);
    get(gates, row, 3 * hidden, other, rows);
    multiply(other, out, n);
    ofReset(other, r, n);
    emit(0, row, rows, other, dgates, biases, s);
    multiply(out, r, n);
    emit(3, row, rows, out, dgates, biases, s);

    multiply(dh, z, n);
    putDirect(h, time, sequence, rows, dh, out);
  }

  /** Reads the state that a step began with. */
  private void before(int step, int sequence, int rows, float[] to) {
    if (step == 0) {
      h0.get(sequence * hidden, to, 0, rows * hidden);
      return;
    }
    y.get((in.time(step - 1) * in.batch + sequence) * hidden, to, 0, rows * hidden);
    if (in.hasLengths() && in.layer.reverse()) {
      // A shorter sequence has its first step here, where the output before is 0.
      for (int r = 0; r < rows; r++) {
        if (!in.isPresent(in.time(step - 1), sequence + r)) {
          h0.get((sequence + r) * hidden, to, r * hidden, hidden);
        }
      }
    }
  }

  private static void ofUpdate(
      float[] dh, float[] before, float[] candidate, float[] z, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = dh[i] * (before[i] - candidate[i]) * z[i] * (1 - z[i]);
    }
  }

  private static void ofCandidate(float[] dh, float[] z, float[] candidate, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = dh[i] * (1 - z[i]) * (1 - candidate[i] * candidate[i]);
    }
  }

  private static void ofReset(float[] x, float[] r, int n) {
    for (int i = 0; i < n; i++) {
      x[i] *= r[i] * (1 - r[i]);
    }
  }
}
