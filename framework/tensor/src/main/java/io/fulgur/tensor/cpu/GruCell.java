package io.fulgur.tensor.cpu;

import java.nio.FloatBuffer;

/**
 * Gated recurrent unit. A row of sums becomes {@code r, z, n}; beside it is {@code Uh + c} of n.
 */
final class GruCell extends RecurrentCell {
  private final FloatBuffer h0;

  /** The products of the hidden state at a step, {@code [N, 3 H]}, of which n needs its own. */
  private final NativeScratch.Block products;

  private final float[] biasOfInner;

  GruCell(RecurrentInputs in, Operands operands) {
    super(in, operands);
    this.h0 = Memory.floats(in.h0);
    this.biasOfInner = new float[together() * hidden];
    this.products = new NativeScratch.Block(in.batch * width);
  }

  @Override
  Sgemm.Matrix hiddenSums() {
    return Sgemm.Matrix.of(products.address, width);
  }

  @Override
  void readBiases() {
    super.readBiases();
    repeat(biasHh, 2, biasOfInner);
  }

  @Override
  int addedBiases() {
    return 2 * hidden;
  }

  @Override
  void activate(int time, int sequence, int rows, Scratch s) {
    int row = time * in.batch + sequence;
    int n = rows * hidden;
    int block = together() * hidden;
    float[] r = s.wide(0, block);
    float[] product = s.wide(1, block);
    float[] candidate = s.wide(2, block);
    float[] next = s.wide(3, block);
    float[] z = s.wide(4, block);
    float[] all = read(products.floats, sequence, rows, s);
    take(all, 0, r, rows);
    take(all, 1, z, rows);
    take(all, 2, product, rows);
    addTo(product, biasOfInner, n);
    inner.put(row * hidden, product, 0, n);
    all = read(gates, row, rows, s);
    takeBiased(all, 0, next, rows);
    addTo(r, next, n);
    takeBiased(all, 1, next, rows);
    addTo(z, next, n);
    takeBiased(all, 2, candidate, rows);
    RationalTanh.sigmoid(r, n);
    RationalTanh.sigmoid(z, n);
    addProduct(candidate, r, product, n);
    RationalTanh.tanh(candidate, n);
    h.get(sequence * hidden, next, 0, n);
    next(next, z, candidate, n);
    put(all, 0, r, rows);
    put(all, 1, z, rows);
    put(all, 2, candidate, rows);
    write(all, gates, row, rows);
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
      GateGradients to,
      float[][] sums,
      Scratch s) {
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
    float[] all = read(gates, row, rows, s);
    take(all, 1, z, rows);
    take(all, 2, candidate, rows);
    take(all, 0, r, rows);

    before(step, sequence, rows, other);
    ofUpdate(dh, other, candidate, z, out, n);
    put(all, 1, out, rows);
    addTo(sums[1], out, n);

    ofCandidate(dh, z, candidate, out, n);
    put(all, 2, out, rows);
    addTo(sums[2], out, n);
    inner.get(row * hidden, other, 0, n);
    multiply(other, out, n);
    ofReset(other, r, n);
    put(all, 0, other, rows);
    addTo(sums[0], other, n);
    write(all, to.ofInput(), row, rows);

    multiply(out, r, n);
    put(all, 2, out, rows);
    addTo(sums[3], out, n);
    write(all, to.ofHidden(), row, rows);

    multiply(dh, z, n);
    putDirect(h, time, sequence, rows, dh, out);
  }

  /** Those of r, z and n, and of n's product with the hidden state. */
  @Override
  int biasSums() {
    return 4;
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
