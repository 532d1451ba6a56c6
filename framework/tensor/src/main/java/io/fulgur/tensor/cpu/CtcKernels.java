package io.fulgur.tensor.cpu;

import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.nio.DoubleBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * Connectionist temporal classification by the forward-backward algorithm, in logarithms and double
 * precision.
 *
 * <p>The labels of a sequence are widened by a blank before, between and after them; {@code
 * alpha[t][s]} is the log-probability of all ways to have come to state {@code s} by time {@code
 * t}, {@code beta[t][s]} that of all ways on from there, both including what is predicted at {@code
 * t}. The gradient is {@code -exp(alpha + beta - x + loss)}, summed over the states of a class.
 */
final class CtcKernels {
  private CtcKernels() {}

  /** What both kernels read. */
  private static final class Problem {
    final Elements x;
    final LongBuffer targets;
    final LongBuffer inputLengths;
    final LongBuffer targetLengths;
    final int time;
    final int batch;
    final int classes;
    final int length;
    final int blank;

    /** The classes of the states of the sequence that is looked at. */
    final int[] states;

    int stateCount;
    int steps;

    Problem(OpCall call, int first) {
      x = Elements.of(call.input(first));
      targets = Memory.longs(call.input(first + 1));
      inputLengths = Memory.longs(call.input(first + 2));
      targetLengths = Memory.longs(call.input(first + 3));
      time = (int) call.input(first).shape().size(0);
      batch = (int) call.input(first).shape().size(1);
      classes = (int) call.input(first).shape().size(2);
      length = (int) call.input(first + 1).shape().size(1);
      blank = call.attributes(Integer.class);
      states = new int[2 * length + 1];
    }

    int width() {
      return states.length;
    }

    void lookAt(int sequence) {
      steps = checkedLength(inputLengths.get(sequence), time);
      int labels = checkedLength(targetLengths.get(sequence), length);
      stateCount = 2 * labels + 1;
      Arrays.fill(states, blank);
      for (int i = 0; i < labels; i++) {
        long label = targets.get(sequence * length + i);
        if (label < 0 || label >= classes) {
          throw IndexException.label("ctcLoss", label, sequence * (long) length + i, classes);
        }
        states[2 * i + 1] = (int) label;
      }
    }

    private static int checkedLength(long value, int longest) {
      if (value < 0 || value > longest) {
        throw IndexException.of("ctcLoss with a length", value, longest + 1L);
      }
      return (int) value;
    }

    double predicted(int t, int sequence, int state) {
      return x.get((t * batch + sequence) * classes + states[state]);
    }

    /** Returns whether a way may leave out the blank before a state. */
    boolean skips(int state) {
      return state >= 2 && states[state] != blank && states[state] != states[state - 2];
    }
  }

  static Kernel forward(OpCall call) {
    Problem problem = new Problem(call, 0);
    Elements losses = Elements.of(call.output(0));
    DoubleBuffer alpha = Memory.requireBytes(call.output(1)).asDoubleBuffer();
    double[] before = new double[problem.width()];
    double[] now = new double[problem.width()];
    return () -> {
      for (int b = 0; b < problem.batch; b++) {
        problem.lookAt(b);
        losses.put(b, -likelihood(problem, b, alpha, before, now));
      }
    };
  }

  /** Writes alpha of a sequence and returns the log-likelihood. */
  private static double likelihood(
      Problem problem, int sequence, DoubleBuffer alpha, double[] before, double[] now) {
    int count = problem.stateCount;
    int width = problem.width();
    // Before the first prediction, a way is at the blank in front.
    Arrays.fill(before, Double.NEGATIVE_INFINITY);
    for (int t = 0; t < problem.steps; t++) {
      Arrays.fill(now, Double.NEGATIVE_INFINITY);
      for (int s = 0; s < count; s++) {
        double arrived;
        if (t == 0) {
          arrived = s < 2 ? 0 : Double.NEGATIVE_INFINITY;
        } else {
          arrived =
              logSum(
                  before[s],
                  s > 0 ? before[s - 1] : Double.NEGATIVE_INFINITY,
                  problem.skips(s) ? before[s - 2] : Double.NEGATIVE_INFINITY);
        }
        now[s] = arrived + problem.predicted(t, sequence, s);
      }
      alpha.put((sequence * problem.time + t) * width, now, 0, width);
      System.arraycopy(now, 0, before, 0, width);
    }
    if (problem.steps == 0) {
      return count == 1 ? 0 : Double.NEGATIVE_INFINITY;
    }
    return logSum(
        before[count - 1],
        count > 1 ? before[count - 2] : Double.NEGATIVE_INFINITY,
        Double.NEGATIVE_INFINITY);
  }

  static Kernel backward(OpCall call) {
    Elements grads = Elements.of(call.input(0));
    Problem problem = new Problem(call, 1);
    Elements losses = Elements.of(call.input(5));
    DoubleBuffer alpha = Memory.requireBytes(call.input(6)).asDoubleBuffer();
    Elements out = Elements.of(call.output(0));
    double[] after = new double[problem.width()];
    double[] now = new double[problem.width()];
    double[] row = new double[problem.classes];
    int elements = (int) call.output(0).elements();
    return () -> {
      for (int i = 0; i < elements; i++) {
        out.put(i, 0.0);
      }
      for (int b = 0; b < problem.batch; b++) {
        double grad = grads.get(b);
        double loss = losses.get(b);
        problem.lookAt(b);
        if (Double.isInfinite(loss)) {
          // No alignment: PyTorch's gradient is NaN, unless such losses are set to 0 afterwards.
          loss = grad == 0 ? Double.NEGATIVE_INFINITY : Double.NaN;
        }
        Arrays.fill(after, Double.NEGATIVE_INFINITY);
        for (int t = problem.steps - 1; t >= 0; t--) {
          beta(problem, t, b, after, now);
          gradient(problem, t, b, alpha, now, loss, row);
          int at = (t * problem.batch + b) * problem.classes;
          for (int c = 0; c < row.length; c++) {
            out.put(at + c, grad == 0 ? 0.0 : grad * row[c]);
          }
          System.arraycopy(now, 0, after, 0, now.length);
        }
      }
    };
  }

  private static void beta(Problem problem, int t, int sequence, double[] after, double[] now) {
    int count = problem.stateCount;
    Arrays.fill(now, Double.NEGATIVE_INFINITY);
    for (int s = 0; s < count; s++) {
      double on;
      if (t == problem.steps - 1) {
        on = s >= count - 2 ? 0 : Double.NEGATIVE_INFINITY;
      } else {
        on =
            logSum(
                after[s],
                s + 1 < count ? after[s + 1] : Double.NEGATIVE_INFINITY,
                s + 2 < count && problem.skips(s + 2) ? after[s + 2] : Double.NEGATIVE_INFINITY);
      }
      now[s] = on + problem.predicted(t, sequence, s);
    }
  }

  private static void gradient(
      Problem problem,
      int t,
      int sequence,
      DoubleBuffer alpha,
      double[] beta,
      double loss,
      double[] row) {
    Arrays.fill(row, 0);
    int at = (sequence * problem.time + t) * problem.width();
    for (int s = 0; s < problem.stateCount; s++) {
      double both = alpha.get(at + s) + beta[s];
      if (both != Double.NEGATIVE_INFINITY) {
        row[problem.states[s]] -= Math.exp(both - problem.predicted(t, sequence, s) + loss);
      } else if (Double.isNaN(loss)) {
        row[problem.states[s]] = Double.NaN;
      }
    }
  }

  private static double logSum(double a, double b, double c) {
    double max = Math.max(a, Math.max(b, c));
    return max == Double.NEGATIVE_INFINITY
        ? max
        : max + Math.log(Math.exp(a - max) + Math.exp(b - max) + Math.exp(c - max));
  }
}
