package io.fulgur.tensor.cpu;

import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * As {@link CrossEntropyKernel}, of single rows, with weights of classes, label smoothing and a
 * label that is ignored. What is in a row of that label, also a NaN, goes nowhere.
 */
final class WeightedCrossEntropyKernel {
  /** What a class costs a row, in element-wise functions. */
  private static final int COST = 4;

  private WeightedCrossEntropyKernel() {}

  static Kernel forward(OpCall call) {
    FloatBuffer logits = Memory.floats(call.input(0));
    LongBuffer labels = Memory.longs(call.input(1));
    FloatBuffer classWeights = Memory.floats(call.input(2));
    FloatBuffer losses = Memory.floats(call.output(0));
    FloatBuffer weights = Memory.floats(call.output(1));
    FloatBuffer probabilities = Memory.floats(call.output(2));
    Long ignored = ignored(call);
    int classes = classWeights.limit();
    int n = labels.limit();
    int together = RowKernels.together(classes);
    float[] w = new float[classes];
    Parallel.Range range =
        (from, to, s) -> {
          double smoothing = call.scalar(0);
          float sumOfWeights = Sums.sum(w, 0, classes);
          float[] x = s.wide(0, together * classes);
          float[] y = s.wide(1, together * classes);
          for (int r = from; r < to; r += together) {
            int rows = Math.min(together, to - r);
            logits.get(r * classes, x, 0, rows * classes);
            RowKernels.exponentials(x, y, rows, classes, s);
            for (int i = 0; i < rows; i++) {
              int start = i * classes;
              float sum = Sums.sum(y, start, classes);
              RowKernels.scale(y, start, classes, 1 / sum);
              long label = labels.get(r + i);
              if (ignored != null && label == ignored) {
                losses.put(r + i, 0);
                weights.put(r + i, 0);
                continue;
              }
              double log = Math.log(sum);
              float max = Sums.max(x, start, classes, s);
              float weight = w[(int) label];
              double loss = weight * (log - (x[start + (int) label] - max));
              if (smoothing > 0) {
                subtract(x, start, classes, max);
                double ofAll = sumOfWeights * log - Sums.dot(x, start, w, 0, classes);
                loss = (1 - smoothing) * loss + smoothing / classes * ofAll;
              }
              losses.put(r + i, (float) loss);
              weights.put(r + i, weight);
            }
            probabilities.put(r * classes, y, 0, rows * classes);
          }
        };
    return () -> {
      check(labels, ignored, classes);
      classWeights.get(0, w);
      Parallel.rows(n, (long) COST * classes, range);
    };
  }

  private static void subtract(float[] x, int from, int n, float value) {
    for (int i = from; i < from + n; i++) {
      x[i] -= value;
    }
  }

  private static @Nullable Long ignored(OpCall call) {
    return call.attributes(Object.class) instanceof Long label ? label : null;
  }

  private static void check(LongBuffer labels, @Nullable Long ignored, int classes) {
    for (int i = 0; i < labels.limit(); i++) {
      long label = labels.get(i);
      boolean counts = ignored == null || label != ignored;
      if (counts && (label < 0 || label >= classes)) {
        throw IndexException.label("crossEntropy", label, i, classes);
      }
    }
  }

  /*
   * With t the smoothed one-hot row times the weights: dlogits = grad (probabilities Σ t - t).
   */
  static Kernel backward(OpCall call) {
    FloatBuffer grad = Memory.floats(call.input(0));
    FloatBuffer probabilities = Memory.floats(call.input(1));
    LongBuffer labels = Memory.longs(call.input(2));
    FloatBuffer classWeights = Memory.floats(call.input(3));
    FloatBuffer out = Memory.floats(call.output(0));
    Long ignored = ignored(call);
    int classes = classWeights.limit();
    int n = labels.limit();
    int together = RowKernels.together(classes);
    float[] w = new float[classes];
    Parallel.Range range =
        (from, to, s) -> {
          double smoothing = call.scalar(0);
          double ofAll = classes == 0 ? 0 : smoothing / classes;
          double sumOfWeights = Sums.sum(w, 0, classes);
          float[] x = s.wide(0, together * classes);
          for (int r = from; r < to; r += together) {
            int rows = Math.min(together, to - r);
            probabilities.get(r * classes, x, 0, rows * classes);
            for (int i = 0; i < rows; i++) {
              int start = i * classes;
              long label = labels.get(r + i);
              if (ignored != null && label == ignored) {
                Arrays.fill(x, start, start + classes, 0);
                continue;
              }
              double ofLabel = (1 - smoothing) * w[(int) label];
              float g = grad.get(r + i);
              RowKernels.scale(x, start, classes, (float) (g * (ofLabel + ofAll * sumOfWeights)));
              if (smoothing > 0) {
                subtractMultiple(x, start, w, (float) (g * ofAll));
              }
              x[start + (int) label] -= (float) (g * ofLabel);
            }
            out.put(r * classes, x, 0, rows * classes);
          }
        };
    return () -> {
      classWeights.get(0, w);
      Parallel.rows(n, (long) COST * classes, range);
    };
  }

  private static void subtractMultiple(float[] x, int from, float[] w, float factor) {
    for (int i = 0; i < w.length; i++) {
      x[from + i] -= w[i] * factor;
    }
  }
}
