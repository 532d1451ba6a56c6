package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.functional.AttentionOperators.Kind;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The gradients of {@link AttentionKernels}: the weights of a block are computed again from the
 * scores and the logarithms of the sums. A thread takes whole heads, since every query adds to the
 * gradients of every key.
 */
final class AttentionBackwardKernel implements Kernel {
  private static final int QUERIES = AttentionKernels.QUERIES;
  private static final int KEYS = AttentionKernels.KEYS;

  private final AttentionInputs in;
  private final AttentionInputs.Heads outGradient;
  private final AttentionInputs.Heads queryGradient;
  private final AttentionInputs.Heads keyGradient;
  private final AttentionInputs.Heads valueGradient;
  private final FloatBuffer dy;
  private final FloatBuffer y;
  private final FloatBuffer logSumExp;
  private final OpCall call;

  AttentionBackwardKernel(OpCall call) {
    this.call = call;
    in = new AttentionInputs(call, 1);
    boolean packed = call.attributes(Kind.class).packed();
    outGradient = AttentionInputs.Heads.of(call.input(0), 0, 1);
    queryGradient = gradient(packed, 0);
    keyGradient = gradient(packed, 1);
    valueGradient = gradient(packed, 2);
    dy = Memory.floats(call.input(0));
    y = Memory.floats(call.input(call.inputs() - 2));
    logSumExp = Memory.floats(call.input(call.inputs() - 1));
  }

  private AttentionInputs.Heads gradient(boolean packed, int part) {
    return packed
        ? AttentionInputs.Heads.of(call.output(0), part, 3)
        : AttentionInputs.Heads.of(call.output(part), 0, 1);
  }

  @Override
  public void run() {
    int products = (3 * in.features + 2 * in.valueFeatures) / Parallel.MULTIPLY_ADDS;
    long work = (long) in.queries * in.keys * (AttentionKernels.COST + products);
    Parallel.rows(
        in.batch * in.heads,
        Math.max(1, work),
        (from, to, s) -> {
          for (int i = from; i < to; i++) {
            head(i / in.heads, i % in.heads, s);
          }
        });
  }

  private void head(int sequence, int head, Scratch s) {
    float[] dots = s.wide(4, Math.max(1, in.queries));
    float[] logs = s.wide(5, Math.max(1, in.queries));
    dots(sequence, head, dots, s);
    logSumExp.get((sequence * in.heads + head) * in.queries, logs, 0, in.queries);
    if (in.keys == 0) {
      clear(queryGradient, sequence, head, 0, in.queries, in.features);
    }
    for (int key0 = 0; key0 < in.keys; key0 += KEYS) {
      int width = Math.min(KEYS, in.keys - key0);
      boolean begun = false;
      for (int query0 = 0; query0 < in.queries; query0 += QUERIES) {
        int rows = Math.min(QUERIES, in.queries - query0);
        if (in.lastKey(query0 + rows) > key0) {
          block(sequence, head, query0, rows, key0, width, begun, dots, logs, s);
          begun = true;
        }
      }
      if (!begun) {
        clear(keyGradient, sequence, head, key0, width, in.features);
        clear(valueGradient, sequence, head, key0, width, in.valueFeatures);
      }
    }
  }

  /** A product with nothing, which sets its result to 0. */
  private static void clear(
      AttentionInputs.Heads gradient, int sequence, int head, int row, int rows, int features) {
    Sgemm.Matrix out = gradient.matrix();
    long at = gradient.at(sequence, head, row);
    Sgemm.current().multiply(rows, features, 0, 1, out, at, out, at, 0, out, at);
  }

  /** Multiplies each query's result by its gradient: what all of its weights' gradients share. */
  private void dots(int sequence, int head, float[] dots, Scratch s) {
    int n = in.valueFeatures;
    float[] grad = s.wide(0, n);
    float[] out = s.wide(1, n);
    for (int t = 0; t < in.queries; t++) {
      int at = ((sequence * in.queries + t) * in.heads + head) * n;
      dy.get(at, grad, 0, n);
      y.get(at, out, 0, n);
      dots[t] = Sums.dot(grad, 0, out, 0, n);
    }
  }

  /**
   * Adds the part of some queries and keys to all gradients.
   *
   * @param begun whether these keys' gradients hold a part already
   */
  private void block(
      int sequence,
      int head,
      int query0,
      int rows,
      int key0,
      int width,
      boolean begun,
      float[] dots,
      float[] logs,
      Scratch s) {
    Sgemm gemm = Sgemm.current();
    NativeScratch.Block memory = NativeScratch.current().block(0, QUERIES * KEYS);
    NativeScratch.Block gradients = NativeScratch.current().block(1, QUERIES * KEYS);
    Sgemm.Matrix weight = Sgemm.Matrix.of(memory.address, width);
    Sgemm.Matrix gradient = Sgemm.Matrix.of(gradients.address, width);
    float[] p = s.wide(0, QUERIES * KEYS);
    float[] d = s.wide(1, QUERIES * KEYS);
    int n = rows * width;
    gemm.multiply(
        rows,
        width,
        in.valueFeatures,
        1,
        outGradient.matrix(),
        outGradient.at(sequence, head, query0),
        in.value.matrix().transpose(),
        in.value.at(sequence, head, key0),
        0,
        gradient,
        gradient.address());
    in.scores(p, gemm, memory, sequence, head, query0, rows, key0, width, s);
    float[] ofRow = s.wide(RowKernels.OF_ROW, n);
    spread(logs, query0, rows, width, ofRow);
    BinaryKernels.sub(p, ofRow, p, n);
    VectorExp.exp(p, 0, n, s);
    gradients.floats.get(0, d, 0, n);
    in.drop(d, sequence, head, query0, rows, key0, width, s);
    spread(dots, query0, rows, width, ofRow);
    RowKernels.ofExponents(d, p, ofRow, n);
    gradients.floats.put(0, d, 0, n);
    in.drop(p, sequence, head, query0, rows, key0, width, s);
    memory.floats.put(0, p, 0, n);
    gemm.multiply(
        width,
        in.valueFeatures,
        rows,
        1,
        weight.transpose(),
        weight.address(),
        outGradient.matrix(),
        outGradient.at(sequence, head, query0),
        begun ? 1 : 0,
        valueGradient.matrix(),
        valueGradient.at(sequence, head, key0));
    gemm.multiply(
        width,
        in.features,
        rows,
        in.scale(),
        gradient.transpose(),
        gradient.address(),
        in.query.matrix(),
        in.query.at(sequence, head, query0),
        begun ? 1 : 0,
        keyGradient.matrix(),
        keyGradient.at(sequence, head, key0));
    gemm.multiply(
        rows,
        in.features,
        width,
        in.scale(),
        gradient,
        gradient.address(),
        in.key.matrix(),
        in.key.at(sequence, head, key0),
        key0 == 0 ? 0 : 1,
        queryGradient.matrix(),
        queryGradient.at(sequence, head, query0));
  }

  /** Spreads a number of each row over it. */
  private static void spread(float[] numbers, int from, int rows, int width, float[] to) {
    for (int r = 0; r < rows; r++) {
      Arrays.fill(to, r * width, (r + 1) * width, numbers[from + r]);
    }
  }
}
