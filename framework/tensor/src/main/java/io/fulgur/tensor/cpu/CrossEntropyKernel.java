package io.fulgur.tensor.cpu;

import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/** Softmax, negative log-likelihood and their common gradient in one pass each. */
final class CrossEntropyKernel {
  /** What a class costs a row, in element-wise functions. */
  private static final int COST = 4;

  private CrossEntropyKernel() {}

  static Kernel forward(OpCall call) {
    FloatBuffer logits = Memory.floats(call.input(0));
    LongBuffer labels = Memory.longs(call.input(1));
    FloatBuffer loss = Memory.floats(call.output(0));
    FloatBuffer probabilities = Memory.floats(call.output(1));
    int classes = (int) call.input(0).shape().size(1);
    int n = labels.limit();
    int together = RowKernels.together(classes);
    float[] losses = new float[n];
    Parallel.Range range =
        (from, to, s) -> {
          float[] x = s.wide(0, together * classes);
          float[] y = s.wide(1, together * classes);
          for (int r = from; r < to; r += together) {
            int rows = Math.min(together, to - r);
            logits.get(r * classes, x, 0, rows * classes);
            RowKernels.exponentials(x, y, rows, classes, s);
            float[] ofRow = s.wide(RowKernels.OF_ROW, rows * classes);
            for (int i = 0; i < rows; i++) {
              float sum = Sums.sum(y, i * classes, classes);
              float atLabel = x[i * classes + (int) labels.get(r + i)] - ofRow[i * classes];
              losses[r + i] = (float) Math.log(sum) - atLabel;
              Arrays.fill(ofRow, i * classes, (i + 1) * classes, 1 / sum);
            }
            BinaryKernels.mul(y, ofRow, y, rows * classes);
            probabilities.put(r * classes, y, 0, rows * classes);
          }
        };
    return () -> {
      check(labels, classes);
      Parallel.rows(n, (long) COST * classes, range);
      double sum = 0;
      for (float l : losses) {
        sum += l;
      }
      loss.put(0, (float) (sum / n));
    };
  }

  private static void check(LongBuffer labels, int classes) {
    for (int i = 0; i < labels.limit(); i++) {
      long label = labels.get(i);
      if (label < 0 || label >= classes) {
        throw IndexException.label("crossEntropy", label, i, classes);
      }
    }
  }

  static Kernel backward(OpCall call) {
    FloatBuffer grad = Memory.floats(call.input(0));
    FloatBuffer probabilities = Memory.floats(call.input(1));
    LongBuffer labels = Memory.longs(call.input(2));
    FloatBuffer out = Memory.floats(call.output(0));
    int classes = (int) call.input(1).shape().size(1);
    int n = labels.limit();
    int together = RowKernels.together(classes);
    Parallel.Range range =
        (from, to, s) -> {
          float scale = grad.get(0) / n;
          float[] x = s.wide(0, together * classes);
          for (int r = from; r < to; r += together) {
            int rows = Math.min(together, to - r);
            probabilities.get(r * classes, x, 0, rows * classes);
            for (int i = 0; i < rows; i++) {
              x[i * classes + (int) labels.get(r + i)] -= 1;
            }
            RowKernels.scale(x, 0, rows * classes, scale);
            out.put(r * classes, x, 0, rows * classes);
          }
        };
    return () -> Parallel.rows(n, classes, range);
  }
}
