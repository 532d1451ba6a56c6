package io.fulgur.tensor.cpu;

import io.fulgur.tensor.functional.RecurrentOperators.Cell;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** The plain recurrent cell, whose sums become the outputs themselves. */
final class ElmanCell extends RecurrentCell {
  private final boolean relu;

  ElmanCell(RecurrentInputs in, Operands operands) {
    super(in, operands);
    this.relu = in.layer.cell() == Cell.RELU;
  }

  @Override
  void activate(int time, int sequence, int rows, Scratch s) {
    int n = rows * hidden;
    float[] next = s.wide(0, together() * hidden);
    y.get((time * in.batch + sequence) * hidden, next, 0, n);
    takeBiased(next, 0, next, rows);
    if (relu) {
      UnaryKernels.relu(next, next, n);
    } else {
      RationalTanh.tanh(next, n);
    }
    putHidden(time, sequence, rows, next, s);
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
    int at = (time * in.batch + sequence) * hidden;
    int n = rows * hidden;
    int block = together() * hidden;
    float[] dh = s.wide(0, block);
    float[] value = s.wide(1, block);
    getGradient(time, sequence, rows, dy, dh, value);
    y.get(at, value, 0, n);
    if (relu) {
      clearWhereZero(dh, value, n);
    } else {
      BinaryKernels.tanhBackward(dh, value, dh, n);
    }
    to.ofInput().put(at, dh, 0, n);
    addTo(sums[0], dh, n);
    Arrays.fill(dh, 0, n, 0f);
    putDirect(h, time, sequence, rows, dh, value);
  }

  private static void clearWhereZero(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = y[i] <= 0 ? 0 : x[i];
    }
  }
}
