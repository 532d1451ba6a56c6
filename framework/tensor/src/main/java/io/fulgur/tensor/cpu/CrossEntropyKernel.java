package io.fulgur.tensor.cpu;

import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/** Softmax, negative log-likelihood and their common gradient in one pass each. */
final class CrossEntropyKernel {
  private CrossEntropyKernel() {}

  static Kernel forward(OpCall call) {
    FloatBuffer logits = Memory.floats(call.input(0));
    LongBuffer labels = Memory.longs(call.input(1));
    FloatBuffer loss = Memory.floats(call.output(0));
    FloatBuffer probabilities = Memory.floats(call.output(1));
    int classes = (int) call.input(0).shape().size(1);
    float[] row = new float[classes];
    return () -> {
      int n = labels.limit();
      double sum = 0;
      for (int i = 0; i < n; i++) {
        int label = label(labels, i, classes);
        logits.get(i * classes, row);
        sum += softmax(row, label);
        probabilities.put(i * classes, row);
      }
      loss.put(0, (float) (sum / n));
    };
  }

  /** Turns a row of logits into probabilities and returns the loss at the label. */
  private static double softmax(float[] row, int label) {
    float max = row[0];
    for (float x : row) {
      max = Math.max(max, x);
    }
    float atLabel = row[label] - max;
    float sum = 0;
    for (int i = 0; i < row.length; i++) {
      float e = Exp.exp(row[i] - max);
      row[i] = e;
      sum += e;
    }
    float scale = 1 / sum;
    for (int i = 0; i < row.length; i++) {
      row[i] *= scale;
    }
    return Math.log(sum) - atLabel;
  }

  private static int label(LongBuffer labels, int index, int classes) {
    long label = labels.get(index);
    if (label < 0 || label >= classes) {
      throw IndexException.label("crossEntropy", label, index, classes);
    }
    return (int) label;
  }

  static Kernel backward(OpCall call) {
    FloatBuffer grad = Memory.floats(call.input(0));
    FloatBuffer probabilities = Memory.floats(call.input(1));
    LongBuffer labels = Memory.longs(call.input(2));
    FloatBuffer out = Memory.floats(call.output(0));
    int classes = (int) call.input(1).shape().size(1);
    float[] row = new float[classes];
    return () -> {
      int n = labels.limit();
      float scale = grad.get(0) / n;
      for (int i = 0; i < n; i++) {
        probabilities.get(i * classes, row);
        row[(int) labels.get(i)] -= 1;
        scale(row, scale);
        out.put(i * classes, row);
      }
    };
  }

  private static void scale(float[] row, float factor) {
    for (int i = 0; i < row.length; i++) {
      row[i] *= factor;
    }
  }
}
