package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import org.jspecify.annotations.Nullable;

/**
 * Softmax and its logarithm for any type and dimension, in double precision.
 *
 * <p>ND4J's {@code softmax} along another than the last dimension is wrong in single precision
 * (through its oneDNN helper, for rank 4), and its {@code log_softmax} takes the logarithm of
 * numbers that have become 0.
 */
final class SoftmaxKernels {
  private SoftmaxKernels() {}

  static @Nullable Kernel softmax(OpCall call) {
    boolean last = call.attributes(Integer.class) == call.input(0).shape().rank() - 1;
    return last ? null : rows(call, /* logarithm= */ false);
  }

  static Kernel logSoftmax(OpCall call) {
    return rows(call, /* logarithm= */ true);
  }

  private static Kernel rows(OpCall call, boolean logarithm) {
    AxisRows rows = AxisRows.of(call.input(0), call.attributes(Integer.class));
    Elements x = Elements.of(call.input(0));
    Elements y = Elements.of(call.output(0));
    double[] row = new double[rows.size()];
    return () -> {
      for (int r = 0; r < rows.count(); r++) {
        int start = rows.start(r);
        for (int i = 0; i < row.length; i++) {
          row[i] = x.get(start + i * rows.step());
        }
        normalize(row, logarithm);
        for (int i = 0; i < row.length; i++) {
          y.put(start + i * rows.step(), row[i]);
        }
      }
    };
  }

  private static void normalize(double[] row, boolean logarithm) {
    double max = Double.NEGATIVE_INFINITY;
    for (double x : row) {
      max = Math.max(max, x);
    }
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      row[i] -= max;
      double e = Math.exp(row[i]);
      sum += e;
      row[i] = logarithm ? row[i] : e;
    }
    double log = Math.log(sum);
    for (int i = 0; i < row.length; i++) {
      row[i] = logarithm ? row[i] - log : row[i] / sum;
    }
  }
}
